import type { RetryHints } from "./retry-after";

export type Fault =
  /** The connection could not be made, or broke. */
  | { kind: "transport"; code?: string; duringAnswer: boolean }
  | { kind: "late"; phase: "connect" | "headers" | "idle"; milliseconds: number }
  /** An HTTP status outside 2xx. `body` is the upstream's own text, not redacted. */
  | ({ kind: "refused"; status: number; body: string } & RetryHints)
  /** An error told inside an answer that began with 200; `error` is the upstream's own object, not redacted. */
  | { kind: "reported"; error: unknown }
  /** Something that is no answer in this dialect. `what` is our own wording. */
  | { kind: "malformed"; what: string };

/**
 * What went wrong on the way to an upstream, before anybody has judged it.
 *
 * Its message must never read like "timed out": the SDKs look for those words, and replace the error by one of
 * their own that has lost the phase.
 */
export class UpstreamFault extends Error {
  override name = "UpstreamFault";

  constructor(readonly fault: Fault) {
    super(`upstream fault: ${fault.kind}`);
  }
}

/** The SDKs wrap what their `fetch` threw; compared by name, because two module graphs have two classes. */
export function findFault(error: unknown): Fault | undefined {
  for (let depth = 0, at = error; depth < 5 && at instanceof Error; depth++, at = at.cause) {
    if (at.name === "UpstreamFault") return (at as UpstreamFault).fault;
  }
  return undefined;
}
