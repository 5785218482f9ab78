import { createParser } from "eventsource-parser";
import type { Failure } from "./chat";
import { type ErrorEnvelope, foreignAnswer, toFailure, unreachable } from "./failure";
import type { WireChunk } from "./fold-chunk";

/** The API refused, before it said anything of an answer. */
export class Refused extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message || failure.type);
  }
}

type Asking = {
  key: string;
  body: unknown;
  signal: AbortSignal;
  /** The generation's id, which a refusal can have too. */
  onHead: (generationId: string | undefined) => void;
  onChunk: (chunk: WireChunk) => void;
};

/**
 * Asks for a streamed completion and gives out its events as they come. True when it came to its end, false when it
 * broke off. @throws Refused; AbortError when `signal` is aborted
 */
export async function streamCompletion({ key, body, signal, onHead, onChunk }: Asking): Promise<boolean> {
  const response = await fetch("/api/v1/chat/completions", {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${key}`, "x-openrouter-title": "Chat" },
    body: JSON.stringify(body),
    credentials: "omit",
    signal,
  }).catch((error) => {
    throw signal.aborted ? error : new Refused(unreachable());
  });
  onHead(response.headers.get("x-generation-id") ?? undefined);
  if (!response.ok || !response.body) throw new Refused(await refusal(response));
  return readEvents(response.body, signal, onChunk);
}

async function refusal(response: Response): Promise<Failure> {
  const retryAfter = Number(response.headers.get("retry-after")) || undefined;
  const body = (await response.json().catch(() => undefined)) as ErrorEnvelope | undefined;
  return body?.error?.message ? toFailure(body, undefined, retryAfter) : foreignAnswer(response.status);
}

export async function readEvents(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  onChunk: (chunk: WireChunk) => void,
): Promise<boolean> {
  let done = false;
  const parser = createParser({
    onEvent({ data }) {
      if (data === "[DONE]") done = true;
      else onChunk(JSON.parse(data));
    },
  });
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read())
      parser.feed(decoder.decode(piece.value, { stream: true }));
  } catch (error) {
    if (signal.aborted) throw error;
    return done;
  }
  return done;
}
