import { createHash } from "node:crypto";
import type { Endpoint } from "@/lib/models/catalogue";
import { processWide } from "@/lib/process-wide";
import type { ChatRequest } from "@/lib/protocol/chat-request";

/** Keeps a conversation at the endpoint whose cache knows its beginning. */
export type Stickiness = {
  /** The endpoint that answered this conversation a moment ago. */
  stuckTo: (modelSlug: string) => string | undefined;
  note: (endpoint: Endpoint, answer: { completed: boolean; cacheRead: number }) => void;
};

/** So long after its last answer a conversation is forgotten; this process alone remembers, and so many at most. */
const KEPT_MS = 10 * 60_000;
const MOST_KEPT = 10_000;

const kept = () => processWide("stickiness", () => new Map<string, { endpointId: string; at: number }>());

/**
 * A conversation is known by the name that the caller gives it, or else by how it opens. Named, it sticks after any
 * answer; unnamed, after one that was read from a cache. It does not where that saves nothing, and a failure frees it.
 */
export function stickinessOf(request: ChatRequest, accountId: string, now = () => performance.now()): Stickiness {
  const name = request.session_id || request.prompt_cache_key || undefined;
  let key: string | undefined;
  const keyFor = (modelSlug: string) => {
    key ??= digest([accountId, name ?? openingOf(request)]);
    return `${key} ${modelSlug}`;
  };
  return {
    stuckTo: (modelSlug) => {
      const known = kept().get(keyFor(modelSlug));
      return known && now() - known.at <= KEPT_MS ? known.endpointId : undefined;
    },
    note: ({ id, modelSlug, prices }, { completed, cacheRead }) => {
      const entries = kept();
      const of = keyFor(modelSlug);
      const known = entries.get(of);
      if (!completed) return void entries.delete(of);
      const saves = prices.cacheRead !== null && prices.cacheRead < prices.prompt;
      const begins = name !== undefined || cacheRead > 0 || known?.endpointId === id;
      if (!saves || !begins) return;
      // Anew at the end: the first of a map is the one that was longest not used.
      entries.delete(of);
      entries.set(of, { endpointId: id, at: now() });
      const [oldest] = entries.keys();
      if (entries.size > MOST_KEPT && oldest !== undefined) entries.delete(oldest);
    },
  };
}

const isSystem = ({ role }: ChatRequest["messages"][number]) => role === "system" || role === "developer";

const openingOf = ({ messages }: ChatRequest) => [messages.find(isSystem), messages.find((one) => !isSystem(one))];

const digest = (value: unknown) => createHash("sha256").update(JSON.stringify(value)).digest("base64");
