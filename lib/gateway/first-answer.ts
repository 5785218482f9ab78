import type { Attempt } from "@/db/schema";
import { asAppError, ProviderError } from "@/lib/errors";
import type { Endpoint } from "@/lib/models/catalogue";
import { noteAnswer, noteOutage } from "@/lib/models/outages";
import type { ChatChunk } from "@/lib/protocol/chat-chunk";

/** What was read of it to know that it answers, and the rest. */
export type Answer = { endpoint: Endpoint; opening: ChatChunk[]; rest: AsyncIterator<ChatChunk> };

/**
 * Opens endpoints in order and returns the first that says something. Only the silence before the first word can be
 * hidden from the caller; what fails after it is his to see.
 */
export async function firstAnswer(
  endpoints: readonly Endpoint[],
  open: (endpoint: Endpoint) => AsyncIterable<ChatChunk>,
  attempts: Attempt[],
): Promise<Answer> {
  for (const [index, endpoint] of endpoints.entries()) {
    const startedAt = performance.now();
    const iterator = open(endpoint)[Symbol.asyncIterator]();
    try {
      const opening = await untilFirstWord(iterator);
      noteAnswer(endpoint.id);
      return { endpoint, opening, rest: iterator };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (error.countsAsOutage) noteOutage(endpoint.id);
      if (error.tryNext && index + 1 < endpoints.length) {
        attempts.push(toAttempt(endpoint, error, performance.now() - startedAt));
        continue;
      }
      if (attempts.length > 0)
        error.metadata.previous_errors = attempts.map(({ provider, status, failure }) => ({
          provider,
          code: status,
          failure,
        }));
      throw error;
    }
  }
  throw asAppError(new Error("a route has no endpoint"));
}

const toAttempt = ({ provider }: Endpoint, { failure, metadata }: ProviderError, ms: number): Attempt => ({
  provider: provider.slug,
  failure,
  status: typeof metadata.provider_code === "number" ? metadata.provider_code : null,
  ms: Math.round(ms),
});

/** An upstream may tell its usage before it says a word, and may still die in between. */
async function untilFirstWord(iterator: AsyncIterator<ChatChunk>): Promise<ChatChunk[]> {
  const opening: ChatChunk[] = [];
  for (;;) {
    const step = await iterator.next();
    if (step.done) return opening;
    opening.push(step.value);
    if (step.value.choices.length > 0) return opening;
  }
}
