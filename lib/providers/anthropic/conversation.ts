import type { ContentBlockParam, TextBlockParam, ToolResultBlockParam } from "@anthropic-ai/sdk/resources/messages";
import type { ChatMessage, ContentPart } from "@/lib/protocol/chat-request";
import { readArguments } from "../tool-arguments";
import { toBlock } from "./content-block";
import { toThinkingBlocks } from "./thinking-blocks";

export type Turn = { role: "user" | "assistant"; content: ContentBlockParam[] };
export type Conversation = { system: TextBlockParam[]; messages: Turn[] };

/**
 * Messages in Anthropic's form: instructions apart, turns that alternate, and the results of all calls of one turn
 * together at the beginning of the next.
 */
export function toConversation(source: ChatMessage[]): Conversation {
  const system: TextBlockParam[] = [];
  const messages: Turn[] = [];
  for (const message of source) {
    if (message.role === "system" || message.role === "developer") {
      system.push(...toParts(message.content, message.name).filter(isText));
    } else if (message.role === "assistant") addTurn(messages, "assistant", toAssistantBlocks(message));
    else if (message.role === "user") addTurn(messages, "user", toParts(message.content, message.name));
    else if (message.role === "tool") addTurn(messages, "user", [toResult(message.tool_call_id, message.content)]);
  }
  for (const turn of messages) if (turn.role === "user") turn.content = resultsFirst(turn.content);
  trimPrefill(messages.at(-1));
  // A request of instructions alone is a question all the same, and Anthropic wants at least one turn.
  if (!messages.length) return { system: [], messages: [{ role: "user", content: system }] };
  return { system, messages };
}

function addTurn(messages: Turn[], role: Turn["role"], content: ContentBlockParam[]): void {
  if (!content.length) return;
  const last = messages.at(-1);
  if (last?.role === role) last.content.push(...content);
  else messages.push({ role, content });
}

const isText = (block: ContentBlockParam): block is TextBlockParam => block.type === "text";

function toAssistantBlocks(message: Extract<ChatMessage, { role: "assistant" }>): ContentBlockParam[] {
  const said = toParts(message.content, message.name);
  const calls = (message.tool_calls ?? []).map(({ id, function: { name, arguments: text } }) => ({
    type: "tool_use" as const,
    id: toToolId(id),
    name,
    input: readArguments(text),
  }));
  return [...toThinkingBlocks(message.reasoning_details), ...said, ...calls];
}

function toParts(content: string | ContentPart[] | null | undefined, name?: string | null): ContentBlockParam[] {
  const parts = typeof content === "string" ? [{ type: "text" as const, text: content }] : (content ?? []);
  const blocks = parts.map(toBlock).filter((block) => block !== undefined);
  const first = blocks.find((block) => block.type === "text");
  if (name && first) first.text = `${name}: ${first.text}`;
  return blocks;
}

function toResult(id: string, content: string | ContentPart[]): ToolResultBlockParam {
  const blocks = toParts(content);
  const result: ToolResultBlockParam = { type: "tool_result", tool_use_id: toToolId(id) };
  if (blocks.length) result.content = blocks as ToolResultBlockParam["content"];
  return result;
}

/** Other providers' ids may hold characters that Anthropic refuses. */
const toToolId = (id: string) => id.replace(/[^a-zA-Z0-9_-]/g, "_") || "_";

const resultsFirst = (blocks: ContentBlockParam[]) => [
  ...blocks.filter(({ type }) => type === "tool_result"),
  ...blocks.filter(({ type }) => type !== "tool_result"),
];

/** White space at the end of words that are put into the model's mouth is refused. */
function trimPrefill(last: Turn | undefined): void {
  const block = last?.role === "assistant" ? last.content.at(-1) : undefined;
  if (block?.type === "text") block.text = block.text.trimEnd();
}
