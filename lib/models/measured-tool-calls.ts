import { processWide } from "@/lib/process-wide";

/** So many of the newest answers with calls are remembered of an endpoint, by this process alone, for an hour. */
const MOST_SAMPLES = 200;
const WINDOW_MS = 60 * 60_000;

/** What an endpoint is believed to do of which nothing was seen: one answer in ten is faulty. */
const FAULTY_BEFOREHAND = 1;
const SEEN_BEFOREHAND = 10;

type Sample = { at: number; faulty: boolean };

const samples = () => processWide("measured-tool-calls", () => new Map<string, Sample[]>());

/** Whether an answer had calls that no caller can make: arguments that are no JSON, names that nobody gave. */
export function noteToolCalls(endpointId: string, faulty: boolean, now = performance.now()): void {
  const known = samples().get(endpointId) ?? [];
  known.push({ at: now, faulty });
  if (known.length > MOST_SAMPLES) known.shift();
  samples().set(endpointId, known);
}

/**
 * The share of an endpoint's answers with calls that are faulty, from 0 to 1. Few samples move it little, so that one of
 * which nothing is known stands between those that do well and those that do not.
 */
export function toolFaultsOf(endpointId: string, now = performance.now()): number {
  const recent = (samples().get(endpointId) ?? []).filter(({ at }) => now - at <= WINDOW_MS);
  const faulty = recent.filter((sample) => sample.faulty).length;
  return (faulty + FAULTY_BEFOREHAND) / (recent.length + SEEN_BEFOREHAND);
}
