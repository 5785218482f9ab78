import type { Answer, Attachment, Message, Settings, ToolMessage, UserMessage } from "./chat";
import { readSettings } from "./read-settings";

/** The body of a completion request. Settings that are wrong are left out: the composer does not send with them. */
export function toRequest(model: string, settings: Settings, messages: Message[]) {
  const system = settings.system.trim() ? [{ role: "system", content: settings.system }] : [];
  return {
    model,
    messages: [...system, ...toWireMessages(model, messages)],
    stream: true,
    ...readSettings(settings).parameters,
  };
}

export const toWireMessages = (model: string, messages: Message[]): WireMessage[] =>
  messages.flatMap((message, index): WireMessage[] => {
    if (message.role === "user") return [toUser(message)];
    if (message.role === "tool") return isAsked(message, messages.slice(0, index)) ? [toTool(message)] : [];
    return toAssistant(model, message, resultsAfter(messages, index));
  });

type WireMessage = { role: Message["role"]; content: unknown; [field: string]: unknown };

function toUser({ text, attachments }: UserMessage): WireMessage {
  if (attachments.length === 0) return { role: "user", content: text };
  return { role: "user", content: [...(text ? [{ type: "text", text }] : []), ...attachments.map(toPart)] };
}

const toPart = ({ kind, name, url }: Attachment) =>
  kind === "image"
    ? { type: "image_url", image_url: { url } }
    : { type: "file", file: { filename: name, file_data: url } };

const toTool = ({ callId, text }: ToolMessage): WireMessage => ({ role: "tool", tool_call_id: callId, content: text });

/**
 * Providers refuse a call without its result, so a call that nobody answered is not said again. Reasoning goes back to
 * the model it came from only: another could not read it.
 */
function toAssistant(model: string, answer: Answer, results: ToolMessage[]): WireMessage[] {
  const calls = answer.toolCalls.filter(({ id }) => results.some(({ callId }) => callId === id));
  const whole = calls.length === answer.toolCalls.length;
  if (!answer.text && calls.length === 0) return [];
  return [
    {
      role: "assistant",
      content: answer.text || null,
      ...(calls.length > 0 && {
        tool_calls: calls.map(({ id, name, arguments: text }) => ({
          id,
          type: "function",
          function: { name, arguments: text },
        })),
      }),
      ...(whole &&
        answer.status === "done" &&
        answer.model === model &&
        answer.reasoningDetails.length > 0 && { reasoning_details: answer.reasoningDetails }),
    },
  ];
}

/** The results that stand between an answer and what comes next. */
function resultsAfter(messages: Message[], index: number): ToolMessage[] {
  const results: ToolMessage[] = [];
  for (const message of messages.slice(index + 1)) {
    if (message.role !== "tool") break;
    results.push(message);
  }
  return results;
}

function isAsked({ callId }: ToolMessage, earlier: Message[]): boolean {
  const asking = earlier.findLast(({ role }) => role !== "tool");
  return asking?.role === "assistant" && asking.toolCalls.some(({ id }) => id === callId);
}
