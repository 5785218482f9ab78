import type { Content, Part } from "@google/genai";
import type { ReasoningDetail } from "@/lib/protocol/chat-chunk";
import type { ChatMessage, ContentPart } from "@/lib/protocol/chat-request";
import { readArguments } from "../tool-arguments";
import { isObject } from "../upstream-complaint";
import { toPart, toPicture } from "./part";

export const GEMINI = "google-gemini-v1";

/** Stands for the signature of a call that Gemini did not make itself, such as one from another model. */
const NOT_SIGNED = "skip_thought_signature_validator";

type Assistant = Extract<ChatMessage, { role: "assistant" }>;
/** A call that was made earlier: a result names only its id, but Gemini wants its name, and the calls' order. */
type Call = { name: string; order: number };

/**
 * Messages in Gemini's form: instructions apart, turns that alternate between user and model.
 *
 * @param signed whether the model refuses calls without a signature
 */
export function toContents(messages: ChatMessage[], signed: boolean): { system: Part[]; contents: Content[] } {
  const system: Part[] = [];
  const turns: { role: string; parts: Part[] }[] = [];
  const calls = new Map<string, Call>();
  for (let at = 0; at < messages.length; at++) {
    const message = messages[at] as ChatMessage;
    if (message.role === "system" || message.role === "developer")
      system.push(...toParts(message.content, message.name));
    else if (message.role === "user") addTurn(turns, "user", toParts(message.content, message.name));
    else if (message.role === "assistant") addTurn(turns, "model", toModelParts(message, calls, signed));
    else {
      const results = resultsFrom(messages, at);
      addTurn(turns, "user", toResults(results, calls));
      at += results.length - 1;
    }
  }
  if (!turns.length) return { system: [], contents: [{ role: "user", parts: system }] };
  return { system, contents: turns };
}

function addTurn(turns: { role: string; parts: Part[] }[], role: string, parts: Part[]): void {
  if (!parts.length) return;
  const last = turns.at(-1);
  if (last?.role === role) last.parts.push(...parts);
  else turns.push({ role, parts });
}

function toParts(content: string | ContentPart[] | null | undefined, name?: string | null): Part[] {
  const source = typeof content === "string" ? [{ type: "text" as const, text: content }] : (content ?? []);
  const parts = source.map(toPart).filter((part) => part.text !== "");
  const first = parts.find((part) => part.text !== undefined);
  if (name && first) first.text = `${name}: ${first.text}`;
  return parts;
}

function toModelParts(message: Assistant, calls: Map<string, Call>, signed: boolean): Part[] {
  const said = [...toParts(message.content, message.name), ...imagesOf(message)];
  const signatures = signaturesOf(message.reasoning_details);
  const ofText = signatures.get(null);
  if (ofText) {
    const last = said.at(-1);
    if (last) last.thoughtSignature = ofText;
    else if (!message.tool_calls?.length) said.push({ text: "", thoughtSignature: ofText });
  }
  const made = (message.tool_calls ?? []).map(({ id, function: { name, arguments: text } }, position): Part => {
    calls.set(id, { name, order: calls.size });
    // Of calls made together only the first is signed.
    const signature = signatures.get(id) ?? (position === 0 && signed ? NOT_SIGNED : undefined);
    return { functionCall: { name, args: readArguments(text) }, ...(signature && { thoughtSignature: signature }) };
  });
  return [...said, ...made];
}

/** The pictures that the model made in an earlier turn, which it can go on with. */
const imagesOf = ({ images }: Assistant): Part[] =>
  Array.isArray(images)
    ? images.flatMap(({ image_url: image }) => (typeof image?.url === "string" ? [toPicture(image.url)] : []))
    : [];

/** Gemini's own signatures, by the id of the call that each belongs to; null for that of the text. */
function signaturesOf(details: readonly { type: string }[] | null | undefined): Map<string | null, string> {
  const found = new Map<string | null, string>();
  for (const detail of (details ?? []) as readonly ReasoningDetail[]) {
    if (detail.type === "reasoning.encrypted" && detail.format === GEMINI) found.set(detail.id ?? null, detail.data);
  }
  return found;
}

type Result = Extract<ChatMessage, { role: "tool" }>;

function resultsFrom(messages: ChatMessage[], start: number): Result[] {
  const results: Result[] = [];
  for (let at = start; messages[at]?.role === "tool"; at++) results.push(messages[at] as Result);
  return results;
}

/** In the order of the calls, because Gemini has no ids to tell two calls of one function apart. */
function toResults(results: Result[], calls: Map<string, Call>): Part[] {
  const orderOf = ({ tool_call_id }: Result) => calls.get(tool_call_id)?.order ?? Number.MAX_SAFE_INTEGER;
  const media: Part[] = [];
  const responses = results
    .toSorted((a, b) => orderOf(a) - orderOf(b))
    .map(({ tool_call_id: id, content }): Part => {
      const parts = toParts(content);
      media.push(...parts.filter((part) => part.text === undefined));
      const text = parts.map((part) => part.text ?? "").join("");
      return { functionResponse: { name: calls.get(id)?.name ?? "unknown", response: toResponse(text) } };
    });
  return [...responses, ...media];
}

function toResponse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Text, as most results are.
  }
  return { output: text };
}
