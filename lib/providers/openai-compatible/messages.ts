import type { ReasoningDetail } from "@/lib/protocol/chat-chunk";
import type { ChatMessage, ContentPart } from "@/lib/protocol/chat-request";
import { reasoningNames } from "./answer";
import { toPart } from "./part";

type Assistant = Extract<ChatMessage, { role: "assistant" }>;
type Content = string | ContentPart[] | null | undefined;

/**
 * @param genuine OpenAI itself is asked. Other servers get the older words: `system` for `developer`, names in front
 * of what is said, and text by itself where a list holds nothing else.
 */
export function toMessages(messages: ChatMessage[], genuine: boolean): object[] {
  const all: object[] = [];
  let media: object[] = [];
  for (const message of messages) {
    if (message.role !== "tool" && media.length) {
      all.push({ role: "user", content: media });
      media = [];
    }
    if (message.role === "tool") {
      const { text, others } = splitResult(message.content);
      all.push({ role: "tool", content: toContent(text, genuine), tool_call_id: message.tool_call_id });
      media.push(...others.map((part) => toPart(part, genuine)));
    } else all.push(toMessage(message, genuine));
  }
  return media.length ? [...all, { role: "user", content: media }] : all;
}

function toMessage(message: Exclude<ChatMessage, { role: "tool" }>, genuine: boolean): object {
  const { name, content } = toNamed(message.name, message.content, genuine);
  const named = name ? { name } : {};
  switch (message.role) {
    case "system":
    case "developer":
      return { role: genuine ? message.role : "system", content, ...named };
    case "user":
      return { role: "user", content, ...named };
    case "assistant":
      return {
        role: "assistant",
        content: content ?? (message.tool_calls?.length ? null : ""),
        ...(message.refusal && { refusal: message.refusal }),
        ...(!genuine && returnedReasoning(message)),
        ...(message.tool_calls?.length && { tool_calls: message.tool_calls.map(toToolCall) }),
        ...named,
      };
  }
}

/** The characters that OpenAI takes in a name. */
const PLAIN_NAME = /^[^\s<|\\/>]+$/;

/** A name that the server would refuse, or not tell its model, goes in front of what is said under it. */
function toNamed(name: string | null | undefined, source: Content, genuine: boolean) {
  const content = toContent(source, genuine);
  if (!name || (genuine && PLAIN_NAME.test(name))) return { name, content };
  if (typeof content === "string") return { content: content && `${name}: ${content}` };
  if (!content) return { content };
  const first = content.find((part): part is { type: string; text: string } => "text" in part);
  if (first) first.text = `${name}: ${first.text}`;
  return { content };
}

/** Many servers take a list of parts from users only, so a text that is alone in its list leaves it. */
function toContent(content: Content, genuine: boolean) {
  if (!Array.isArray(content)) return content;
  const [first] = content;
  if (!genuine && content.length === 1 && first?.type === "text") return first.text;
  return content.map((part) => toPart(part, genuine));
}

/** Results are text in this dialect: what else a tool found, the user shows after the last result of the turn. */
function splitResult(content: string | ContentPart[]): { text: string | ContentPart[]; others: ContentPart[] } {
  if (typeof content === "string") return { text: content, others: [] };
  const text = content.filter(({ type }) => type === "text");
  return { text: text.length ? text : "", others: content.filter(({ type }) => type !== "text") };
}

/**
 * What a server thought before it called a tool, under the name that it gave it: DeepSeek and Kimi refuse their own
 * calls without. Of another provider's reasoning, or one that nobody named, nothing is sent.
 */
function returnedReasoning({ reasoning_content, reasoning_details }: Assistant): Record<string, unknown> {
  const details = (reasoning_details ?? []) as unknown as ReasoningDetail[];
  for (const name of reasoningNames) {
    const own = details.flatMap((one) => (one.id === name && one.type === "reasoning.text" ? [one.text ?? ""] : []));
    if (own.length) return { [name]: own.join("") };
  }
  const theirs = details.filter(({ format }) => !ours.has(format ?? "unknown"));
  if (theirs.length) return { reasoning_details: theirs };
  return reasoning_content && !details.length ? { reasoning_content } : {};
}

/** The formats that another server of ours may have written. */
const ours = new Set<string>(["anthropic-claude-v1", "google-gemini-v1", "openai-responses-v1", "unknown"]);

type ToolCall = NonNullable<Assistant["tool_calls"]>[number];

/** Servers parse the arguments, and an empty text is no JSON. */
const toToolCall = ({ id, function: { name, arguments: text } }: ToolCall) => ({
  id,
  type: "function",
  function: { name, arguments: text.trim() === "" ? "{}" : text },
});
