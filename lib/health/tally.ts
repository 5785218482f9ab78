import { addCounts, type Counts, type Percentiles, percentilesOf } from "./distribution";

export { count } from "./distribution";

/** What was seen of an endpoint in some stretch of time. */
export type Tally = {
  answered: number;
  failed: number;
  /** Seconds to the first word of streamed answers. */
  firstToken: Counts;
  /** Tokens a second after it. */
  throughput: Counts;
};

/** Seconds to the first token, and tokens a second after it; undefined where nothing was measured. */
export type Speed = { latency?: Percentiles; throughput?: Percentiles };

export const emptyTally = (): Tally => ({ answered: 0, failed: 0, firstToken: {}, throughput: {} });

export function addTally(to: Tally, more: Tally): void {
  to.answered += more.answered;
  to.failed += more.failed;
  addCounts(to.firstToken, more.firstToken);
  addCounts(to.throughput, more.throughput);
}

export function totalsOf(tallies: readonly Tally[]): { answered: number; failed: number } {
  let [answered, failed] = [0, 0];
  for (const tally of tallies) {
    answered += tally.answered;
    failed += tally.failed;
  }
  // An answer that broke off may have begun before the first of these.
  return { answered: Math.max(0, answered), failed };
}

export const speedOf = (tallies: readonly Tally[]): Speed => ({
  latency: percentilesOf(
    tallies.map(({ firstToken }) => firstToken),
    "lower",
  ),
  throughput: percentilesOf(
    tallies.map(({ throughput }) => throughput),
    "higher",
  ),
});
