import { processWide } from "@/lib/process-wide";

/** What one answer of an endpoint's took. */
type Sample = { at: number; firstTokenSeconds: number; tokensPerSecond: number | null };

/** Seconds to the first token, and tokens a second after it, of the answers that are remembered. */
export type Speed = { latency: readonly number[]; throughput: readonly number[] };

/** So many of the newest are remembered of an endpoint, by this process alone, and those of the last five minutes count. */
const MOST_SAMPLES = 200;
const WINDOW_MS = 5 * 60_000;
/** Shorter answers say little about speed. */
const LEAST_TOKENS = 10;

const samples = () => processWide("measured-speed", () => new Map<string, Sample[]>());

export function noteSpeed(
  endpointId: string,
  answer: { firstTokenMs: number; totalMs: number; tokens: number },
  now = performance.now(),
): void {
  const known = samples().get(endpointId) ?? [];
  const seconds = (answer.totalMs - answer.firstTokenMs) / 1000;
  const tokensPerSecond = answer.tokens >= LEAST_TOKENS && seconds > 0 ? answer.tokens / seconds : null;
  known.push({ at: now, firstTokenSeconds: answer.firstTokenMs / 1000, tokensPerSecond });
  if (known.length > MOST_SAMPLES) known.shift();
  samples().set(endpointId, known);
}

export function speedOf(endpointId: string, now = performance.now()): Speed {
  const recent = (samples().get(endpointId) ?? []).filter(({ at }) => now - at <= WINDOW_MS);
  return {
    latency: recent.map(({ firstTokenSeconds }) => firstTokenSeconds),
    throughput: recent.flatMap(({ tokensPerSecond }) => tokensPerSecond ?? []),
  };
}

/**
 * What so many percent of the answers were at least as good as: of a latency the value they stay below, of a throughput
 * the one they reach. Undefined where nothing was measured.
 */
export function percentile(values: readonly number[], percent: number, better: "lower" | "higher"): number | undefined {
  const bestFirst = [...values].sort((a, b) => (better === "lower" ? a - b : b - a));
  return bestFirst[Math.ceil((percent / 100) * bestFirst.length) - 1];
}
