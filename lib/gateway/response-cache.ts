import { randomUUID } from "node:crypto";
import { beginKept, dropFreeKept, dropKept, findWholeKept } from "@/db/queries/kept-answers";
import { settle } from "@/lib/billing/settle";
import type { Caller } from "@/lib/keys/authenticate";
import { log } from "@/lib/log";
import type { Bill, Stamp } from "@/lib/protocol/answer";
import type { ChatChunk, FinishReason } from "@/lib/protocol/chat-chunk";
import type { ChatRequest } from "@/lib/protocol/chat-request";
import { noTokens } from "@/lib/protocol/token-usage";
import { admitForNothing } from "./admit";
import type { Completion } from "./complete";
import type { App, Generation } from "./generation";
import { hashOf } from "./kept/hash";
import { openPiece } from "./kept/piece";
import { keptWriter } from "./kept/writer";

const USUAL_SECONDS = 300;
const MOST_SECONDS = 86_400;
/** A longer answer is given and not kept. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

export type CacheWish = { lookup: string; seconds: number; clear: boolean };

type Header = (name: string) => string | undefined;

/**
 * What a caller wants of the response cache: by its headers, else by the preset he names. The same question is one that
 * is equal in every field and in their order, from the same key with the same settings.
 *
 * @param question all that the answer follows from
 */
export function cacheWish(
  header: Header,
  asked: ChatRequest,
  caller: Caller,
  question: unknown,
): CacheWish | undefined {
  const { cache_enabled: byPreset, cache_ttl_seconds: presetSeconds } = asked;
  const said = header("x-openrouter-cache")?.trim().toLowerCase();
  if (said === undefined ? byPreset !== true : said !== "true") return undefined;
  const seconds = Math.trunc(Number(header("x-openrouter-cache-ttl") ?? presetSeconds ?? USUAL_SECONDS));
  return {
    lookup: hashOf(["cache", caller, asked, question]),
    seconds: Number.isNaN(seconds) ? USUAL_SECONDS : Math.min(MOST_SECONDS, Math.max(1, seconds)),
    clear: header("x-openrouter-cache-clear")?.trim().toLowerCase() === "true",
  };
}

type Kept = {
  stamp: Stamp;
  chunks: ChatChunk[];
  reason: FinishReason | null;
  native: string | null;
};

export type Hit = { kept: Kept; headers: Record<string, string> };

/** The answer that is kept to this question, if one is. */
export async function findHit({ lookup, seconds, clear }: CacheWish): Promise<Hit | undefined> {
  if (clear) return void (await dropKept(lookup));
  const found = await findWholeKept(lookup);
  const kept = found && opened(found);
  if (!found || !kept) return undefined;
  return {
    kept,
    headers: {
      ...missHeaders({ seconds }),
      "x-openrouter-cache-status": "HIT",
      "x-openrouter-cache-age": String(found.age),
      "x-openrouter-cache-source-id": kept.stamp.id,
    },
  };
}

export const missHeaders = ({ seconds }: Pick<CacheWish, "seconds">): Record<string, string> => ({
  "x-openrouter-cache-status": "MISS",
  "x-openrouter-cache-ttl": String(seconds),
});

function opened({ id, sealed }: { id: string; sealed: string }): Kept | undefined {
  try {
    return JSON.parse(openPiece(id, { seq: 1, sealed }));
  } catch {
    // Sealed with a key that is gone: it is as if it had not been kept.
    return undefined;
  }
}

const NOTHING: Bill = {
  ...{ usage: noTokens, cost: 0n, isByok: false, upstream: 0n, upstreamPrompt: 0n, upstreamCompletion: 0n },
};

type Serving = { id: string; caller: Caller; asked: ChatRequest; arrivedAt: number; app: App };

/**
 * A kept answer as one that has begun anew: under its own id, logged, and free.
 *
 * @throws AppError what a request is refused with that costs nothing
 */
export async function serveHit(
  { kept }: Hit,
  { id, caller, asked, arrivedAt, app }: Serving,
): Promise<Omit<Completion, "metadata">> {
  const { stamp, chunks, reason, native } = kept;
  const row = { requestedModel: asked.model ?? stamp.model, modelSlug: stamp.model, streamed: asked.stream === true };
  await admitForNothing({ id, caller, progress: row });
  let ended: Promise<Bill> | undefined;
  const end = async (outcome: "completed" | "cancelled" | "failed") => {
    settle({
      ...{ id, ...row, outcome, finishReason: reason, nativeFinishReason: native, costNano: 0n },
      ...{ appUrl: app.url, appTitle: app.title, sessionId: asked.session_id, externalUser: asked.user },
      totalMs: Math.round(performance.now() - arrivedAt),
      route: { strategy: "cache", considered: [], excluded: [], source: stamp.id },
    });
    return NOTHING;
  };
  const generation: Generation = {
    answeredBy: () => {},
    note: () => {},
    end: (outcome) => (ended ??= end(outcome)),
    outcome: () => (ended ? "completed" : undefined),
    finish: () => ({ reason, native }),
  };
  const told = (async function* () {
    let isWhole = false;
    try {
      for (const chunk of chunks) yield unbilled(chunk);
      isWhole = true;
    } finally {
      if (!isWhole) void generation.end("cancelled");
    }
  })();
  const now = Math.floor(Date.now() / 1000);
  return { stamp: { ...stamp, id, created: now }, chunks: told, generation };
}

/** An upstream's own words tell of its usage in several places. */
export function unbilled({ usage: _usage, native, ...chunk }: ChatChunk): ChatChunk {
  if (!native) return chunk;
  return {
    ...chunk,
    native: JSON.parse(JSON.stringify(native), (name, value) => (name === "usage" ? zeroed(value) : value)),
  };
}

const zeroed = (usage: unknown) =>
  JSON.parse(JSON.stringify(usage ?? null), (_name, value) => (typeof value === "number" ? 0 : value));

/** The answer, which is kept for who asks the same again once it has ended well. */
export function keptOnEnd(begun: Completion, { lookup, seconds }: CacheWish, caller: Caller): Completion {
  const { stamp, generation } = begun;
  const heard: ChatChunk[] = [];
  async function* chunks() {
    for await (const chunk of begun.chunks) {
      heard.push(chunk);
      yield chunk;
    }
    const { reason, native } = generation.finish();
    const isWhole = reason === null ? heard.some(({ embeddings }) => embeddings) : reason !== "error";
    if (isWhole) void keep({ stamp, chunks: heard, reason, native }, lookup, seconds, caller);
  }
  return { ...begun, chunks: chunks() };
}

async function keep(kept: Kept, lookup: string, seconds: number, { accountId, keyId }: Caller): Promise<void> {
  const text = JSON.stringify(kept);
  if (text.length > MOST_CHARACTERS) return;
  const row = { accountId, keyId, lookup, asked: null, generationId: null, seconds };
  const begin = async () => {
    const id = randomUUID();
    const begun = await beginKept({ ...row, id });
    if (begun !== "mine") return begun;
    const writer = keptWriter(id);
    writer.begin({ status: 200, headers: {} });
    writer.add(text);
    await writer.end({ failed: false, seconds });
    return undefined;
  };
  try {
    const other = await begin();
    if (!other?.isFree) return;
    await dropFreeKept(other.id);
    await begin();
  } catch (err) {
    log().warn({ err }, "an answer was not kept for who asks the same again");
  }
}
