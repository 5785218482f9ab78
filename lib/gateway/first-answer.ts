import type { Attempt } from "@/db/schema";
import { AppError, asAppError, ProviderError } from "@/lib/errors";
import { noteAnswer, noteOutage } from "@/lib/models/outages";
import type { ChatChunk } from "@/lib/protocol/chat-chunk";
import type { Stop } from "./plan-route";

/** What was read of it to know that it answers, and the rest. */
export type Answer = { endpoint: Stop; opening: ChatChunk[]; rest: AsyncIterator<ChatChunk> };

/**
 * Opens endpoints in order and returns the first that says something. Only the silence before the first word can be
 * hidden from the caller; what fails after it is his to see.
 */
export async function firstAnswer(
  endpoints: readonly Stop[],
  open: (endpoint: Stop) => AsyncIterable<ChatChunk>,
  attempts: Attempt[],
): Promise<Answer> {
  let at = 0;
  for (let endpoint = endpoints[at]; endpoint; endpoint = endpoints[at]) {
    const startedAt = performance.now();
    const iterator = open(endpoint)[Symbol.asyncIterator]();
    try {
      const opening = await untilFirstWord(iterator);
      if (endpoint.own) endpoint.own.note(null);
      else noteAnswer(endpoint.id);
      return { endpoint, opening, rest: iterator };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      // What a caller's own key meets says nothing of how the endpoint fares with the operator's.
      if (endpoint.own) endpoint.own.note(error.failure);
      else if (error.countsAsOutage) noteOutage(endpoint.id);
      // What the same model would answer everywhere, another may answer otherwise.
      const refusedBy = error.tryNext ? undefined : endpoint.modelSlug;
      at = endpoints.findIndex(({ modelSlug }, index) => index > at && modelSlug !== refusedBy);
      if (at > 0) {
        attempts.push(toAttempt(endpoint, error, performance.now() - startedAt));
        continue;
      }
      if (attempts.length > 0)
        error.metadata.previous_errors = attempts.map(({ provider, model, status, failure, byok }) => ({
          provider,
          model,
          code: status,
          failure,
          is_byok: byok,
        }));
      throw endpoint.own ? asOwn(error) : error;
    }
  }
  throw asAppError(new Error("a route has no endpoint"));
}

/** With his own key, a refused credential is the caller's to mend: not the operator's fault, and no 5xx. */
function asOwn(error: ProviderError): AppError {
  error.metadata.is_byok = true;
  if (error.failure !== "credential") return error;
  const status = error.metadata.provider_code === undefined ? "" : ` (${error.metadata.provider_code})`;
  return new AppError(
    "permission_denied",
    `Your own key for ${error.provider} was refused there${status}: it is not valid, may not do this, or has no money left.`,
    { metadata: error.metadata, cause: error },
  );
}

const toAttempt = ({ provider, modelSlug, own }: Stop, { failure, metadata }: ProviderError, ms: number): Attempt => ({
  provider: provider.slug,
  model: modelSlug,
  failure,
  status: typeof metadata.provider_code === "number" ? metadata.provider_code : null,
  ms: Math.round(ms),
  ...(own && { byok: true as const }),
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
