import type {
  ResponseFunctionToolCall,
  ResponseInputContent,
  ResponseInputItem,
  ResponseOutputMessage,
} from "openai/resources/responses/responses";
import { AppError } from "@/lib/errors";
import type { ChatMessage, ContentPart } from "@/lib/protocol/chat-request";
import { toInputPart } from "./input-part";
import { toReasoningItems } from "./reasoning-items";

type Message = Exclude<ChatMessage, { role: "assistant" | "tool" }>;
type AssistantMessage = Extract<ChatMessage, { role: "assistant" }>;

/**
 * Messages as the items of this API, in their order. It has no field for a speaker's name, so that is put before his
 * words.
 *
 * @param thinks a model that does not think refuses what another one thought
 * @throws AppError `invalid_request` for content that this API does not take.
 */
export function toInput(messages: readonly ChatMessage[], thinks: boolean): ResponseInputItem[] {
  return messages.flatMap((message): ResponseInputItem[] => {
    if (message.role === "assistant") return toAssistantItems(message, thinks);
    if (message.role !== "tool") return [toMessage(message)];
    return [{ type: "function_call_output", call_id: message.tool_call_id, output: toContent(message.content) }];
  });
}

function toMessage({ role, content, name }: Message): ResponseInputItem {
  const prefix = name ? `${name}: ` : "";
  if (typeof content === "string") return { role, content: prefix + content };
  const parts = toContent(content) as ResponseInputContent[];
  const first = parts.find((part) => part.type === "input_text");
  if (first) first.text = prefix + first.text;
  return { role, content: parts };
}

const toContent = (content: string | ContentPart[]) =>
  typeof content === "string" ? content : content.map(toInputPart);

/** Thoughts come before what they led to; alone they are refused. */
function toAssistantItems(message: AssistantMessage, thinks: boolean): ResponseInputItem[] {
  const said = toSaid(message);
  const calls = (message.tool_calls ?? []).map(toFunctionCall);
  const items: ResponseInputItem[] = said ? [said, ...calls] : calls;
  return thinks && items.length ? [...toReasoningItems(message.reasoning_details), ...items] : items;
}

function toSaid({ content, refusal, name }: AssistantMessage): ResponseInputItem | undefined {
  const text = textOf(content);
  const parts: object[] = [];
  if (text) parts.push({ type: "output_text", text: name ? `${name}: ${text}` : text });
  if (refusal) parts.push({ type: "refusal", refusal });
  if (!parts.length) return undefined;
  // The API asks for no id here, whatever the SDK's type says.
  return { role: "assistant", content: parts } as unknown as ResponseOutputMessage;
}

function textOf(content: AssistantMessage["content"]): string {
  if (!Array.isArray(content)) return content ?? "";
  return content
    .map((part) => {
      if (part.type === "text") return part.text;
      throw new AppError("invalid_request", `This model takes no content of type ${part.type} from an assistant`);
    })
    .join("");
}

const toFunctionCall = ({
  id,
  function: { name, arguments: text },
}: NonNullable<AssistantMessage["tool_calls"]>[number]): ResponseFunctionToolCall => ({
  type: "function_call",
  call_id: id,
  name,
  arguments: text,
});
