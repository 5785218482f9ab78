import type { ChatChunk, ChatDelta, ReasoningDetail } from "@/lib/protocol/chat-chunk";
import { newCallId } from "../call-id";
import type { Json } from "../dialect";
import { textOf } from "../text-of";
import { isObject } from "../upstream-complaint";
import { RESPONSES } from "./reasoning-items";
import { blockIndex, type Told } from "./told";

/** What one event, or a whole answer, says to the caller. */
export type Telling = { delta: ChatDelta; logprobs: unknown[] };

export const nothingToTell = (): Telling => ({ delta: {}, logprobs: [] });

/** Undefined where nothing is told. */
export function toChunk({ delta, logprobs }: Telling): ChatChunk | undefined {
  if (!Object.keys(delta).length) return undefined;
  const choice = { index: 0, delta, finish_reason: null, native_finish_reason: null };
  return { choices: [logprobs.length ? { ...choice, logprobs: { content: logprobs } } : choice] };
}

export function tellText({ delta }: Telling, text: string): void {
  if (text) delta.content = (delta.content ?? "") + text;
}

export function tellRefusal({ delta }: Telling, text: string): void {
  if (text) delta.refusal = (delta.refusal ?? "") + text;
}

/** OpenAI leaves the bytes out of streams; chat completions always have the key. */
export function tellLogprobs(telling: Telling, logprobs: Json[]): void {
  for (const one of logprobs) telling.logprobs.push({ bytes: null, ...one });
}

/** Only links: the other kinds are files of the operator. */
export function tellAnnotation({ delta }: Telling, annotation: unknown): void {
  if (!isObject(annotation) || annotation.type !== "url_citation") return;
  const { type, ...citation } = annotation;
  delta.annotations ??= [];
  delta.annotations.push({ type, url_citation: citation });
}

export function tellCallBegin({ delta }: Telling, index: number, item: Json, text: string): void {
  delta.tool_calls ??= [];
  delta.tool_calls.push({
    index,
    id: textOf(item.call_id) || textOf(item.id) || newCallId(),
    type: "function",
    function: { name: textOf(item.name), arguments: text },
  });
}

export function tellArguments({ delta }: Telling, index: number, text: string): void {
  if (!text) return;
  delta.tool_calls ??= [];
  delta.tool_calls.push({ index, function: { arguments: text } });
}

/** The place of a thought: its item's id and place, and which kind of part of it. */
export type ThoughtPlace = { id: unknown; at: unknown; kind: "summary" | "text"; part: unknown };

export const thoughtKey = ({ at, kind, part }: ThoughtPlace) => `${at}.${kind}.${part}`;

/** Parts of a thought have a blank line between them where they are one text. */
export function tellThought({ delta }: Telling, told: Told, place: ThoughtPlace, text: string): void {
  if (!text) return;
  const key = thoughtKey(place);
  const opensAnother = told.reasoned && !told.blocks.has(key);
  told.reasoned = true;
  delta.reasoning = `${delta.reasoning ?? ""}${opensAnother ? "\n\n" : ""}${text}`;
  const content =
    place.kind === "summary"
      ? { type: "reasoning.summary" as const, summary: text }
      : { type: "reasoning.text" as const, text };
  tellDetail(delta, { ...content, ...origin(place.id, blockIndex(told, key)) });
}

/** What OpenAI needs to go on thinking in the next turn. */
export function tellEncrypted({ delta }: Telling, told: Told, id: unknown, at: unknown, data: unknown): void {
  if (typeof data !== "string" || !data) return;
  tellDetail(delta, { type: "reasoning.encrypted", data, ...origin(id, blockIndex(told, `${at}.encrypted`)) });
}

const origin = (id: unknown, index: number) =>
  ({ ...(typeof id === "string" && { id }), format: RESPONSES, index }) as const;

function tellDetail(delta: ChatDelta, detail: ReasoningDetail): void {
  delta.reasoning_details ??= [];
  delta.reasoning_details.push(detail);
}
