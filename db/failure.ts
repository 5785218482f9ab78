/** Ended by Postgres to break a tie, for want of a lock, or of time: the same statement may well succeed now. */
const TRANSIENT = new Set(["40P01", "40001", "55P03", "57014"]);
/** The connection or the server went away, is starting, has no room, or takes no writes. */
const CONNECTION =
  /^(08|53|57P0|58|25006|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CONNECT_|CONNECTION_)/;
/** What was asked for cannot be done, now or later: wrong data, a broken constraint, a refusal of our own functions. */
const FINAL = /^(21|22|23|LG)/;

const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
};

export const isTransient = (error: unknown) => TRANSIENT.has(codeOf(error));

export const isConnectionLoss = (error: unknown) => CONNECTION.test(codeOf(error));

export const isFinal = (error: unknown) => FINAL.test(codeOf(error));
