import { AppError } from "@/lib/errors";
import type { ChatMessage, ContentPart } from "../chat-request";
import type { Item, ResponsesBody } from "./body";
import { refusalIn, toContent, type Unspoken } from "./parts";
import { toDetails } from "./thoughts";
import { type Called, toSentName } from "./tools";

type Assistant = Extract<ChatMessage, { role: "assistant" }>;
type Call = NonNullable<Assistant["tool_calls"]>[number];

/** Items as messages: what a model thought, said and called in one go is one message. */
export function toMessages({ input, instructions }: ResponsesBody, called: Called, unspoken: Unspoken): ChatMessage[] {
  const messages: ChatMessage[] = instructions ? [{ role: "system", content: instructions }] : [];
  if (typeof input === "string") return [...messages, { role: "user", content: input }];
  for (const item of input) addItem(messages, item, called, unspoken);
  return messages;
}

function addItem(messages: ChatMessage[], item: Item, called: Called, unspoken: Unspoken): void {
  const { call_id = "", name = "", namespace } = item;
  switch (item.type ?? "message") {
    case "message": {
      if (item.role !== "assistant") {
        messages.push({ role: item.role ?? "user", content: toContent(item.content, unspoken) });
        return;
      }
      addSaid(messages, toContent(item.content, unspoken), refusalIn(item.content));
      return;
    }
    case "reasoning":
      addThought(messages, item);
      return;
    case "function_call":
      addCall(messages, toCall(call_id, toSentName(called, name, namespace), item.arguments ?? ""));
      return;
    case "custom_tool_call":
      addCall(
        messages,
        toCall(call_id, toSentName(called, name, namespace), JSON.stringify({ input: item.input ?? "" })),
      );
      return;
    case "function_call_output":
    case "custom_tool_call_output":
      messages.push({ role: "tool", tool_call_id: call_id, content: toResult(item.output, unspoken) });
      return;
    case "item_reference":
      throw new AppError("invalid_request", "No item is stored here to be referred to: send the item itself.");
    default:
      unspoken(`items of type ${item.type}`);
  }
}

const toCall = (id: string, name: string, text: string): Call => ({
  id,
  type: "function",
  function: { name, arguments: text },
});

/** What a tool gave back may be anything; what is neither text nor parts is told as JSON. */
function toResult(output: unknown, unspoken: Unspoken): string | ContentPart[] {
  if (typeof output === "string") return output;
  if (Array.isArray(output) && output.every((part) => typeof part?.type === "string"))
    return toContent(output, unspoken);
  return output == null ? "" : JSON.stringify(output);
}

/** The answer that is being put together, unless something else came after it, or `over` says that it is whole. */
function openAnswer(messages: ChatMessage[], over: (answer: Assistant) => unknown): Assistant {
  const last = messages.at(-1);
  if (last?.role === "assistant" && !over(last)) return last;
  const answer: Assistant = { role: "assistant", content: null };
  messages.push(answer);
  return answer;
}

/** Calls are answered together, so whatever comes between them belongs to them. */
function addSaid(messages: ChatMessage[], content: string | ContentPart[], refusal: string | undefined): void {
  const answer = openAnswer(messages, ({ content, tool_calls }) => content && !tool_calls);
  if (content.length > 0) answer.content = answer.content ? joined(answer.content, content) : content;
  if (refusal) answer.refusal = (answer.refusal ?? "") + refusal;
}

const joined = (one: string | ContentPart[], other: string | ContentPart[]) => [...toParts(one), ...toParts(other)];

const toParts = (content: string | ContentPart[]): ContentPart[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : content;

/** A new thought after something was said begins the next answer; what only signs what was said does not. */
function addThought(messages: ChatMessage[], item: Item): void {
  const details = toDetails(item);
  if (details.length === 0) return;
  const signs = details.every(({ type }) => type === "reasoning.encrypted");
  const answer = openAnswer(messages, ({ content, tool_calls }) => content && !tool_calls && !signs);
  answer.reasoning_details = [...(answer.reasoning_details ?? []), ...details];
}

function addCall(messages: ChatMessage[], call: Call): void {
  const answer = openAnswer(messages, () => false);
  answer.tool_calls = [...(answer.tool_calls ?? []), call];
}
