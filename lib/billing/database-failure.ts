/** Ended by Postgres to break a tie, or for want of a lock: the same statement may well succeed now. */
const TRANSIENT = new Set(["40P01", "40001", "55P03"]);
/** The connection or the server went away. Every money statement may be repeated: it is told apart by its ids. */
const CONNECTION = /^(08|57P0|25006|53300|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|CONNECT|CONNECTION_)/;

const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
};

export const isTransient = (error: unknown) => TRANSIENT.has(codeOf(error));

export const isConnectionLoss = (error: unknown) =>
  CONNECTION.test(codeOf(error)) || (error as { type?: unknown } | null)?.type === "service_unavailable";

/** Tries again after a tie or a lost connection, up to three times in all, a little later each time. */
export async function retrying<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      const timedOut = (error as { type?: unknown } | null)?.type === "service_unavailable";
      if (attempt >= 3 || timedOut || !(isTransient(error) || isConnectionLoss(error))) throw error;
      await new Promise((resolve) => setTimeout(resolve, (20 + Math.random() * 30) * attempt));
    }
  }
}
