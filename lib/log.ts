import pino from "pino";
import { env } from "./env";
import { processWide } from "./process-wide";

/** Anything that looks like a credential, wherever in a line it stands. */
const SECRETS =
  /\b(sk-[A-Za-z0-9_-]{6}|AIza[A-Za-z0-9_-]{6}|whsec_[A-Za-z0-9]{4}|[rs]k_(?:live|test)_[A-Za-z0-9]{4})[A-Za-z0-9_-]*/g;

export const withoutSecrets = (line: string) => line.replace(SECRETS, "$1…");

function makeLogger() {
  // Lines leave in batches: a request never waits for the terminal.
  const out = pino.destination({ fd: 1, sync: false, minLength: 4096 });
  setInterval(() => out.flush(), 500).unref();
  return pino(
    {
      level: env().LOG_LEVEL ?? "info",
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: ["*.apiKey", "*.authorization", "*.password", "*.parameters", "err.cause.parameters"],
        remove: true,
      },
    },
    { write: (line: string) => void out.write(withoutSecrets(line)) },
  );
}

/** Structured lines on standard output. A message body, a prompt or an answer is never among the fields. */
export const log = () => processWide("log", makeLogger);
