import { formatUsd, parseUsd } from "@/lib/money";
import type { Answer, ReasoningDetail, ToolCall, Usage } from "./chat";
import { type ErrorEnvelope, toFailure } from "./failure";

/** One event of a streamed completion, as far as it is read here. */
export type WireChunk = Partial<ErrorEnvelope> & {
  id?: string;
  provider?: string;
  choices?: { delta?: WireDelta; finish_reason?: string | null }[];
  usage?: WireUsage | null;
};

type WireDelta = {
  content?: string | null;
  refusal?: string | null;
  reasoning?: string | null;
  reasoning_details?: ReasoningDetail[] | null;
  tool_calls?: { index: number; id?: string; function?: { name?: string; arguments?: string } }[] | null;
  images?: { image_url?: { url?: string } }[] | null;
};

type WireUsage = {
  prompt_tokens: number;
  completion_tokens: number;
  cost?: number | null;
  prompt_tokens_details?: { cached_tokens?: number | null } | null;
  completion_tokens_details?: { reasoning_tokens?: number | null } | null;
};

/** Adds a chunk to the answer so far. `elapsedMs` is the time since the asking. */
export function foldChunk(answer: Answer, chunk: WireChunk, elapsedMs: number): Answer {
  const folded: Answer = { ...answer };
  if (chunk.id) folded.generationId = chunk.id;
  if (chunk.provider) folded.provider = chunk.provider;
  if (chunk.usage) folded.usage = toUsage(chunk.usage);
  const choice = chunk.choices?.[0];
  if (choice?.delta) foldDelta(folded, choice.delta);
  if (choice?.finish_reason) folded.finishReason = choice.finish_reason;
  if (chunk.error) {
    folded.status = "failed";
    folded.failure = toFailure(chunk as ErrorEnvelope, chunk.provider);
  }
  if (folded.firstTokenMs === undefined && hasSpoken(folded)) folded.firstTokenMs = Math.round(elapsedMs);
  return folded;
}

/** Whether anything is there that a reader could be shown. */
export const hasSpoken = ({ text, refusal, reasoning, toolCalls, images }: Answer): boolean =>
  Boolean(text || refusal || reasoning || toolCalls.length || images.length);

function foldDelta(answer: Answer, delta: WireDelta): void {
  answer.text += delta.content ?? "";
  answer.refusal += delta.refusal ?? "";
  answer.reasoning += delta.reasoning ?? "";
  if (delta.reasoning_details?.length)
    answer.reasoningDetails = delta.reasoning_details.reduce(foldDetail, answer.reasoningDetails);
  if (delta.tool_calls?.length) answer.toolCalls = delta.tool_calls.reduce(foldToolCall, answer.toolCalls);
  const images = (delta.images ?? []).flatMap(({ image_url }) => image_url?.url ?? []);
  if (images.length) answer.images = [...answer.images, ...images];
}

function foldToolCall(
  calls: ToolCall[],
  { index, id, function: piece }: NonNullable<WireDelta["tool_calls"]>[number],
): ToolCall[] {
  const place = calls.findIndex((call) => call.index === index);
  const known = calls[place];
  const call = {
    index,
    id: id ?? known?.id ?? "",
    name: piece?.name ?? known?.name ?? "",
    arguments: (known?.arguments ?? "") + (piece?.arguments ?? ""),
  };
  return known ? calls.with(place, call) : [...calls, call];
}

/** Pieces of one block have its type and index; a signature closes it. */
function foldDetail(details: ReasoningDetail[], detail: ReasoningDetail): ReasoningDetail[] {
  const last = details.at(-1);
  const joined =
    last && last.type === detail.type && last.index === detail.index ? joinDetails(last, detail) : undefined;
  return joined ? details.with(-1, joined) : [...details, detail];
}

function joinDetails(a: ReasoningDetail, b: ReasoningDetail): ReasoningDetail | undefined {
  if (a.type === "reasoning.text" && !a.signature) return { ...a, ...b, text: `${a.text ?? ""}${b.text ?? ""}` };
  if (a.type === "reasoning.summary") return { ...a, ...b, summary: `${a.summary ?? ""}${b.summary ?? ""}` };
  return undefined;
}

const toUsage = (usage: WireUsage): Usage => ({
  promptTokens: usage.prompt_tokens,
  completionTokens: usage.completion_tokens,
  reasoningTokens: usage.completion_tokens_details?.reasoning_tokens ?? 0,
  cachedTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
  cost: exactCost(usage.cost ?? 0),
});

/** The wire has the number that is nearest to whole nano-dollars: at nine places it is those again. */
export const exactCost = (dollars: number): string => formatUsd(parseUsd(dollars.toFixed(9)));
