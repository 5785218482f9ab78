import { AppError } from "@/lib/errors";
import { processWide } from "@/lib/process-wide";

type BreakOff = (error: AppError) => void;

const state = () => processWide("draining", () => ({ draining: false, running: new Set<BreakOff>() }));

/** From now on the process finishes what it has, and says that it is not ready for more. */
export const beginDraining = () => {
  state().draining = true;
};

export const isDraining = () => state().draining;

/** Whoever is still at work when the process can wait no longer is told so. Returns what takes that back. */
export function atLastCall(breakOff: BreakOff): () => void {
  const { running } = state();
  running.add(breakOff);
  return () => void running.delete(breakOff);
}

/** Breaks off everything that still runs; returns how much that was. */
export function lastCall(): number {
  const error = () =>
    new AppError("service_unavailable", "The server is being restarted. Try again in a moment.", { retryAfter: 1 });
  const running = [...state().running];
  for (const breakOff of running) breakOff(error());
  return running.length;
}
