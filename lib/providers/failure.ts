import { type Phase, ProviderError, type ProviderFailure } from "@/lib/errors";
import type { Connection } from "./adapter";
import { classify, reasonsIn, statusOfWords } from "./classify-complaint";
import { addModeration } from "./moderation";
import { clip, redact } from "./redact";
import { type RetryHints, retryAfterSeconds } from "./retry-after";
import { type Complaint, readComplaint } from "./upstream-complaint";
import { type Fault, findFault, UpstreamFault } from "./upstream-fault";

const MOST_RAW_BYTES = 2_048;
const MOST_MESSAGE_BYTES = 1_000;

/** The caller can mend these himself, so he is told the upstream's own words. */
const callersFault: ReadonlySet<ProviderFailure> = new Set([
  "invalid_request",
  "context_length",
  "moderation",
  "too_large",
  "unsupported_parameter",
]);

type Upstream = Pick<Connection, "provider" | "apiKey">;

/**
 * What to throw for an error that came up during a call: the signal's reason once that is aborted, a `ProviderError`
 * for what the upstream did, and anything else (a fault of our own) as it is.
 */
export function failureOf(upstream: Upstream, signal: AbortSignal, error: unknown, model?: string): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof ProviderError) return error;
  const fault = findFault(error);
  if (fault) return providerError(upstream, fault, model);
  // The SDKs' own deadline, which stands behind ours.
  if (error instanceof Error && error.constructor.name === "APIConnectionTimeoutError") {
    return new ProviderError(upstream.provider, "timeout", `${upstream.provider} did not answer in time.`);
  }
  return error;
}

/** @param model as the caller named it: what a refusal of content is about */
export function providerError(upstream: Upstream, fault: Fault, model?: string): ProviderError {
  switch (fault.kind) {
    case "refused":
      return fromComplaint(upstream, fault.status, fault.body, readComplaint(fault.body), { ...fault, model });
    case "reported": {
      const complaint = readComplaint(fault.error);
      const status = complaint.status ?? statusOfWords(complaint.words) ?? 500;
      return fromComplaint(upstream, status, JSON.stringify(fault.error), complaint, { model });
    }
    default:
      return fromConnection(upstream.provider, fault);
  }
}

function fromConnection(provider: string, fault: Exclude<Fault, { kind: "refused" | "reported" }>): ProviderError {
  const cause = new UpstreamFault(fault);
  if (fault.kind === "malformed") {
    return new ProviderError(provider, "malformed", `${provider} sent ${fault.what}.`, { cause });
  }
  if (fault.kind === "late") {
    return lateness(provider, fault.phase, fault.milliseconds, cause);
  }
  const what = fault.duringAnswer ? "ended before it was finished with its answer" : "could not be reached";
  const code = fault.code ? ` (${fault.code})` : "";
  return new ProviderError(provider, "transport", `${provider} ${what}${code}.`, { cause });
}

const seconds = (milliseconds: number) => `${Math.round(milliseconds / 100) / 10} s`;

const late: Record<Phase, (wait: string) => string> = {
  connect: (wait) => `could not be reached within ${wait}`,
  headers: (wait) => `did not begin to answer within ${wait}`,
  first_token: (wait) => `said nothing within ${wait}`,
  idle: (wait) => `was silent for ${wait} in the middle of its answer`,
  total: (wait) => `did not finish its answer within ${wait}`,
};

/** The failure of an upstream that was given so many milliseconds for a phase. */
export const lateness = (provider: string, phase: Phase, milliseconds: number, cause?: unknown): ProviderError =>
  new ProviderError(provider, "timeout", `${provider} ${late[phase](seconds(milliseconds))}.`, { phase, cause });

type Hints = RetryHints & { model?: string };

function fromComplaint(upstream: Upstream, status: number, body: string, complaint: Complaint, hints: Hints) {
  const failure = classify(status, complaint);
  const { provider, apiKey } = upstream;
  const said = clip(
    redact(complaint.message ?? "", apiKey)
      .replace(/\s+/g, " ")
      .trim(),
    MOST_MESSAGE_BYTES,
  );
  const message = wordings[failure]?.(provider, status) ?? `${provider} failed (${status}). Try again later.`;
  // The operator may read this in his log, but no key may be there either.
  const cause = new Error(`${provider} answered ${status}: ${clip(redact(body, apiKey), MOST_RAW_BYTES)}`);
  if (failure === "credential") return new ProviderError(provider, failure, message, { cause });
  const retryAfter = retryAfterSeconds({ ...hints, retryDelay: complaint.retryDelay });
  const details = { upstreamStatus: status, retryAfter, cause };
  if (!callersFault.has(failure)) return new ProviderError(provider, failure, message, details);
  const refusal = new ProviderError(provider, failure, said ? `${message.slice(0, -1)}: ${said}` : message, {
    ...details,
    raw: clip(redact(body, apiKey), MOST_RAW_BYTES),
  });
  if (failure === "moderation") {
    const { error, words } = complaint;
    addModeration(refusal, { error, reasons: reasonsIn(words), apiKey, model: hints.model });
  }
  return refusal;
}

type Wording = (provider: string, status: number) => string;

const elsewhere = "Try again later, or allow another provider.";

const wordings: Partial<Record<ProviderFailure, Wording>> = {
  throttled: (provider, status) => `${provider} is limiting the rate of requests (${status}). ${elsewhere}`,
  overloaded: (provider, status) => `${provider} is overloaded (${status}). ${elsewhere}`,
  server: (provider, status) => `${provider} failed on its side (${status}). ${elsewhere}`,
  malformed: (provider, status) => `${provider} answered with a redirect (${status}), which is not followed.`,
  credential: (provider) =>
    `${provider} cannot be used through this server at present. Allow another provider, or tell the operator.`,
  misconfigured: (provider, status) =>
    `${provider} does not know the model by the name that this server has for it (${status}). Allow another provider, or tell the operator.`,
  context_length: (provider, status) => `The request is too long for the model at ${provider} (${status}).`,
  too_large: (provider, status) => `The request is too large for ${provider} (${status}).`,
  moderation: (provider, status) => `${provider} refused the content of the request (${status}).`,
  unsupported_parameter: (provider, status) => `${provider} does not take a parameter of the request (${status}).`,
  invalid_request: (provider, status) => `${provider} refused the request (${status}).`,
};
