import type { ConnectionDeadlines } from "./deadlines";
import { UpstreamFault } from "./upstream-fault";

/** What an error of undici, of a socket or of the name service means. A fault of our own stays as it is. */
export function readConnectionError(error: Error, duringAnswer: boolean, waited: ConnectionDeadlines): Error {
  const code = codeOf(error);
  const phase = duringAnswer && code === "ETIMEDOUT" ? undefined : phases[code ?? ""];
  if (phase) return new UpstreamFault({ kind: "late", phase, milliseconds: waited[phase] });
  if (code === "UND_ERR_INVALID_ARG") return error;
  if (error.name === "HTTPParserError" || code === "UND_ERR_HEADERS_OVERFLOW") {
    return new UpstreamFault({ kind: "malformed", what: "something that is not HTTP" });
  }
  return new UpstreamFault({ kind: "transport", code, duringAnswer });
}

const phases: Record<string, keyof ConnectionDeadlines | undefined> = {
  ETIMEDOUT: "connect",
  UND_ERR_CONNECT_TIMEOUT: "connect",
};

/** Node tries several addresses at once, and then the code is on each of the errors inside. */
function codeOf(error: Error & { code?: string }): string | undefined {
  if (error.code) return error.code;
  return error instanceof AggregateError ? error.errors.find((one) => one?.code)?.code : undefined;
}
