import type { ChatChoice, ChatChunk, ChatDelta, FinishReason, ReasoningDetail, ToolCallDelta } from "./chat-chunk";

type ToolCall = { id: string; type: "function"; function: { name: string; arguments: string } };

type Message = Omit<ChatDelta, "role" | "tool_calls"> & {
  role: "assistant";
  content: string | null;
  refusal: string | null;
  reasoning: string | null;
  tool_calls?: ToolCall[];
};

export type CollectedChoice = {
  index: number;
  finish_reason: FinishReason | null;
  native_finish_reason: string | null;
  logprobs: ChatChoice["logprobs"] | null;
  message: Message;
};

export type Collected = { choices: CollectedChoice[]; service_tier?: string; system_fingerprint: string | null };

/** Folds a stream into the one body that a caller who did not ask for a stream gets. */
export async function collect(chunks: AsyncIterable<ChatChunk>): Promise<Collected> {
  const choices = new Map<number, CollectedChoice>();
  const whole: Collected = { choices: [], system_fingerprint: null };
  for await (const chunk of chunks) {
    if (chunk.service_tier) whole.service_tier = chunk.service_tier;
    if (chunk.system_fingerprint) whole.system_fingerprint = chunk.system_fingerprint;
    for (const choice of chunk.choices) {
      const into = choices.get(choice.index) ?? emptyChoice(choice.index);
      choices.set(choice.index, into);
      fold(into, choice);
    }
  }
  whole.choices = [...choices.values()].sort((a, b) => a.index - b.index);
  for (const { message } of whole.choices) close(message);
  return whole;
}

const emptyChoice = (index: number): CollectedChoice => ({
  index,
  finish_reason: null,
  native_finish_reason: null,
  logprobs: null,
  message: { role: "assistant", content: null, refusal: null, reasoning: null },
});

function fold(into: CollectedChoice, { delta, finish_reason, native_finish_reason, logprobs }: ChatChoice): void {
  const { message } = into;
  if (finish_reason) into.finish_reason = finish_reason;
  if (native_finish_reason) into.native_finish_reason = native_finish_reason;
  if (logprobs) into.logprobs = joinLogprobs(into.logprobs, logprobs);
  message.content = joinText(message.content, delta.content);
  message.refusal = joinText(message.refusal, delta.refusal);
  message.reasoning = joinText(message.reasoning, delta.reasoning);
  for (const detail of delta.reasoning_details ?? []) foldReasoning((message.reasoning_details ??= []), detail);
  for (const call of delta.tool_calls ?? []) foldToolCall((message.tool_calls ??= []), call);
  if (delta.images) message.images = [...(message.images ?? []), ...delta.images];
  if (delta.annotations) message.annotations = [...(message.annotations ?? []), ...delta.annotations];
  if (delta.audio) message.audio = joinAudio(message.audio, delta.audio);
}

const joinText = (a: string | null | undefined, b: string | null | undefined): string | null =>
  typeof b === "string" ? (a ?? "") + b : (a ?? null);

/** Whether an upstream says nothing, or says it in an empty text, is all the same to a caller. */
function close(message: Message): void {
  if (message.tool_calls) message.tool_calls = message.tool_calls.filter(Boolean);
  const { tool_calls, refusal, images, audio } = message;
  message.content ||= tool_calls || refusal || images || audio ? null : "";
  message.refusal ||= null;
  message.reasoning ||= null;
}

function foldToolCall(calls: ToolCall[], { index, id, function: { name, arguments: text } }: ToolCallDelta): void {
  const call = (calls[index] ??= { id: "", type: "function", function: { name: "", arguments: "" } });
  if (id) call.id = id;
  if (name) call.function.name = name;
  if (text) call.function.arguments += text;
}

/** Pieces of one block have its type and index; a signature closes it. */
export function foldReasoning(details: ReasoningDetail[], detail: ReasoningDetail): void {
  const last = details.at(-1);
  if (last && last.type === detail.type && last.index === detail.index) {
    if (last.type === "reasoning.text" && detail.type === "reasoning.text" && !last.signature) {
      last.text = joinText(last.text, detail.text);
      if (detail.signature) last.signature = detail.signature;
      return;
    }
    if (last.type === "reasoning.summary" && detail.type === "reasoning.summary") {
      last.summary += detail.summary;
      return;
    }
  }
  details.push({ ...detail });
}

type Logprobs = NonNullable<ChatChoice["logprobs"]>;

const joinLogprobs = (a: Logprobs | null | undefined, b: Logprobs): Logprobs => ({
  content: joinLists(a?.content, b.content),
  refusal: joinLists(a?.refusal, b.refusal),
});

const joinLists = (a: unknown[] | null | undefined, b: unknown[] | null | undefined) =>
  a || b ? [...(a ?? []), ...(b ?? [])] : null;

/** The pieces of a sound come one by one; its id and its end, with one of them. */
function joinAudio(a: ChatDelta["audio"], b: NonNullable<ChatDelta["audio"]>): NonNullable<ChatDelta["audio"]> {
  const joined = { ...a, ...b };
  if (a?.data !== undefined) joined.data = joinBase64(a.data, b.data ?? "");
  if (a?.transcript !== undefined) joined.transcript = a.transcript + (b.transcript ?? "");
  return joined;
}

/** Two texts of base64 with an end of its own each are not one. */
const joinBase64 = (a: string, b: string) =>
  a.endsWith("=") && b ? Buffer.concat([Buffer.from(a, "base64"), Buffer.from(b, "base64")]).toString("base64") : a + b;
