import { isTransient } from "./failure";

/** A request has six seconds for the database in all: what takes longer than this is not begun again. */
const HURRIED_MS = 1_500;

/** Whether the database is away, as `moneyStatement` says it: with a cause for a lost connection, without one at the deadline. */
export const isDatabaseAway = (error: unknown) => (error as { type?: unknown } | null)?.type === "service_unavailable";

/**
 * Tries again after a tie or a lost connection, up to three times in all, a little later each time. Every money statement
 * may be repeated: it is told apart by its ids.
 */
export async function retrying<T>(work: () => Promise<T>, withinMs = HURRIED_MS): Promise<T> {
  const startedAt = performance.now();
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const again = isTransient(error) || isDatabaseAway(error);
      if (!again || attempt >= 3 || performance.now() - startedAt > withinMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, (20 + Math.random() * 30) * attempt));
    }
  }
}
