import type { ProviderCall } from "./adapter";
import { thinking } from "./reasoning";

/** Milliseconds: to connect, for the headers, for the first word, between two words, and in all. */
export type Deadlines = { connect: number; headers: number; firstToken: number; idle: number; total: number };

/** Those that a connection can see; the others need somebody who understands what is said. */
export type ConnectionDeadlines = Pick<Deadlines, "connect" | "headers" | "idle">;

const MINUTE = 60_000;
export const usualDeadlines = { connect: 5_000, headers: 30_000, firstToken: MINUTE, idle: MINUTE };
const TOTAL_OF_A_STREAM = 15 * MINUTE;
const TOTAL_OF_A_WHOLE = 10 * MINUTE;
/** A model that thinks may be silent for minutes, before its first word and after. */
const PATIENCE_WITH_THINKING = 5;

/**
 * The endpoint's own deadlines, or else those of `settings`, or else the usual ones. An answer that is not streamed has
 * neither headers nor a word before it has an end: it has the whole time for them, whatever is set for a stream.
 */
export function deadlinesOf(
  { request, mayThink, deadlines: own = {} }: Asked,
  settings: Partial<Deadlines> = {},
): Deadlines {
  const streamed = request.stream === true;
  const patience = streamed && (mayThink ?? thinking(request).wanted) ? PATIENCE_WITH_THINKING : 1;
  const total = own.total ?? settings.total ?? (streamed ? TOTAL_OF_A_STREAM : TOTAL_OF_A_WHOLE);
  const silent = (phase: "headers" | "firstToken" | "idle") =>
    own[phase] ?? (settings[phase] ?? usualDeadlines[phase]) * patience;
  return {
    connect: own.connect ?? settings.connect ?? usualDeadlines.connect,
    headers: streamed ? silent("headers") : total,
    firstToken: streamed ? silent("firstToken") : total,
    idle: silent("idle"),
    total,
  };
}

type Asked = Pick<ProviderCall, "request" | "mayThink" | "deadlines">;
