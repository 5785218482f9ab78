import type { Attempt } from "@/db/schema";
import { AppError, asAppError, type ProviderError } from "@/lib/errors";
import type { Health } from "@/lib/health/endpoint-health";
import type { Outcome } from "./call-endpoint";
import type { Stop } from "./plan-route";

export type Failed = Extract<Outcome, { error: ProviderError }>;

type Waits = Pick<Health, "waitFor">;

/** Everything is throttled or out, and somebody is trying already whether it still is. */
export function nobodyAsked(passedOver: readonly Stop[], healths: Waits): AppError {
  if (passedOver.length === 0) return asAppError(new Error("a route has no endpoint"));
  const waits = passedOver.map(({ id }) => healths.waitFor(id));
  const retryAfter = Math.max(1, Math.ceil(Math.min(...waits.map(({ milliseconds }) => milliseconds)) / 1000));
  const names = [...new Set(passedOver.map(({ provider }) => provider.name))].join(", ");
  return waits.every(({ throttled }) => throttled)
    ? new AppError("rate_limit_exceeded", `${names}: the rate of requests is limited. Try again later.`, { retryAfter })
    : new AppError("provider_overloaded", `${names}: not available at present. Try again in a moment.`, { retryAfter });
}

type Before = { attempts: readonly Attempt[]; passedOver: readonly Stop[]; healths: Waits };

/** The last failure as the caller gets it: with those before it, and where all of them limit the rate, the least wait. */
export function asTold({ stop, error }: Failed, { attempts, passedOver, healths }: Before): AppError {
  if (attempts.length > 0)
    error.metadata.previous_errors = attempts.map(({ provider, model, status, failure, byok }) => ({
      provider,
      model,
      code: status,
      failure,
      is_byok: byok,
    }));
  const others = passedOver.map(({ id }) => healths.waitFor(id));
  const limited =
    attempts.every(({ failure }) => failure === "throttled") && others.every(({ throttled }) => throttled);
  if (error.failure === "throttled" && limited) {
    const waits = [error.retryAfter, ...attempts.map(({ retryAfter }) => retryAfter)].filter(
      (wait) => wait !== undefined,
    );
    waits.push(...others.map(({ milliseconds }) => Math.ceil(milliseconds / 1000)));
    if (waits.length > 0) error.retryAfter = Math.min(...waits);
  }
  return stop.own ? asOwn(error) : error;
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

export const toAttempt = ({ stop: { provider, modelSlug, own }, error, ms }: Failed): Attempt => ({
  provider: provider.slug,
  model: modelSlug,
  failure: error.failure,
  status: typeof error.metadata.provider_code === "number" ? error.metadata.provider_code : null,
  ms: Math.round(ms),
  ...(error.phase && { phase: error.phase }),
  ...(error.retryAfter !== undefined && { retryAfter: error.retryAfter }),
  ...(own && { byok: true as const }),
});
