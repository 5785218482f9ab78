/** How many values were of which size, in steps of a few per cent: what two processes counted can be added up. */
export type Counts = Record<number, number>;

/** The value that so many per cent of the answers were at least as good as. */
export type Percentiles = { p50: number; p75: number; p90: number; p95: number; p99: number };

/** Sixteen steps to a doubling: a value is told to within 2.2 per cent. */
const STEPS = 16;
const LEAST = 1e-4;

export function count(counts: Counts, value: number): void {
  const step = Math.round(Math.log2(Math.max(value, LEAST)) * STEPS);
  counts[step] = (counts[step] ?? 0) + 1;
}

export function addCounts(to: Counts, more: Counts): void {
  for (const step in more) to[step] = (to[step] ?? 0) + (more[step] ?? 0);
}

/** Undefined where nothing was counted. Of a latency the lower is the better, of a throughput the higher. */
export function percentilesOf(all: readonly Counts[], better: "lower" | "higher"): Percentiles | undefined {
  const sum: Counts = {};
  for (const counts of all) addCounts(sum, counts);
  const bestFirst = Object.entries(sum)
    .map(([step, times]) => ({ step: Number(step), times }))
    .sort((a, b) => (better === "lower" ? a.step - b.step : b.step - a.step));
  const total = bestFirst.reduce((so, { times }) => so + times, 0);
  if (total === 0) return undefined;
  const at = (percent: number) => {
    let passed = 0;
    for (const { step, times } of bestFirst) {
      passed += times;
      if (passed >= (percent / 100) * total) return 2 ** (step / STEPS);
    }
    return Number.NaN;
  };
  return { p50: at(50), p75: at(75), p90: at(90), p95: at(95), p99: at(99) };
}

export const howMany = (counts: Counts) => Object.values(counts).reduce((sum, times) => sum + times, 0);
