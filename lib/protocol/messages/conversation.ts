import type { ReasoningDetail } from "../chat-chunk";
import type { ChatMessage, ContentPart } from "../chat-request";
import { toEncryptedDetail, toReasoningDetail } from "../foreign-thoughts";
import type { MessagesBody, ToolResultBlock, UnderstoodBlock, UnknownBlock } from "./body";
import { toParts, type Unspoken } from "./parts";

/** Anthropic's turns as messages: the results of calls stand by themselves, and instructions come first. */
export function toMessages({ system, messages }: MessagesBody, unspoken: Unspoken): ChatMessage[] {
  const instructions = toParts(system, unspoken);
  return [
    ...(instructions.length ? [{ role: "system" as const, content: instructions }] : []),
    ...messages.flatMap(({ role, content }): ChatMessage[] => {
      if (role === "assistant") return toAssistant(content, unspoken);
      if (role === "user") return toUser(content, unspoken);
      const parts = toParts(content, unspoken);
      return parts.length ? [{ role, content: parts }] : [];
    }),
  ];
}

type Content = string | UnknownBlock[];

const isResult = (block: UnknownBlock): block is ToolResultBlock => block.type === "tool_result";

function toUser(content: Content, unspoken: Unspoken): ChatMessage[] {
  if (typeof content === "string") return content === "" ? [] : [{ role: "user", content }];
  const results = content.filter(isResult).map(
    (result): ChatMessage => ({
      role: "tool",
      tool_call_id: result.tool_use_id,
      content: plain(toParts(result.content, unspoken)),
    }),
  );
  const said = toParts(
    content.filter((block) => !isResult(block)),
    unspoken,
  );
  return said.length ? [...results, { role: "user", content: said }] : results;
}

/** The dialects of results know text better than lists of it. */
function plain(parts: ContentPart[]): string | ContentPart[] {
  const [first] = parts;
  if (!first) return "";
  return parts.length === 1 && first.type === "text" && !("cache_control" in first) ? first.text : parts;
}

function toAssistant(content: Content, unspoken: Unspoken): ChatMessage[] {
  const blocks = typeof content === "string" ? [{ type: "text", text: content }] : content;
  const said: UnknownBlock[] = [];
  const details: ReasoningDetail[] = [];
  const calls: NonNullable<Extract<ChatMessage, { role: "assistant" }>["tool_calls"]> = [];
  for (const block of blocks as UnderstoodBlock[]) {
    if (block.type === "thinking") details.push(toReasoningDetail(block.thinking, block.signature));
    else if (block.type === "redacted_thinking") details.push(toEncryptedDetail(block.data));
    else if (block.type === "tool_use")
      calls.push({
        id: block.id,
        type: "function",
        function: { name: block.name, arguments: JSON.stringify(block.input ?? {}) },
      });
    else said.push(block);
  }
  const parts = toParts(said, unspoken).filter((part) => part.type !== "text" || part.text !== "");
  if (!parts.length && !details.length && !calls.length) return [];
  return [
    {
      role: "assistant",
      content: parts.length ? parts : null,
      ...(details.length && { reasoning_details: details }),
      ...(calls.length && { tool_calls: calls }),
    },
  ];
}
