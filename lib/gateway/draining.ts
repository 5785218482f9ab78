import { processWide } from "@/lib/process-wide";

const state = () => processWide("draining", () => ({ draining: false }));

/** From now on the process finishes what it has, and says that it is not ready for more. */
export const beginDraining = () => {
  state().draining = true;
};

export const isDraining = () => state().draining;
