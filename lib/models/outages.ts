import { processWide } from "@/lib/process-wide";

const OUTAGE_MS = 30_000;

const failedAt = () => processWide("outages", () => new Map<string, number>());

export const noteOutage = (endpointId: string) => void failedAt().set(endpointId, performance.now());

export const noteAnswer = (endpointId: string) => void failedAt().delete(endpointId);

/** Whether the endpoint failed in the last 30 s and has not answered since. */
export function hadOutage(endpointId: string): boolean {
  const at = failedAt().get(endpointId);
  return at !== undefined && performance.now() - at < OUTAGE_MS;
}
