/** Ended by Postgres to break a tie, or for want of a lock: the same statement may well succeed now. */
const TRANSIENT = new Set(["40P01", "40001", "55P03"]);
/** The connection or the server went away, is starting, or takes no writes. */
const CONNECTION = /^(08|57P0|25006|53300|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|CONNECT_|CONNECTION_)/;

const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
};

export const isTransient = (error: unknown) => TRANSIENT.has(codeOf(error));

export const isConnectionLoss = (error: unknown) => CONNECTION.test(codeOf(error));
