import { stripVTControlCharacters } from "node:util";
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
      serializers: { err: describeError },
    },
    { write: (line: string) => void out.write(withoutSecrets(line)) },
  );
}

/**
 * An error without what may be secret in it: a database driver's carries the statement and its parameters, and
 * Drizzle's has them in its very message.
 */
export function describeError(error: unknown): Record<string, unknown> | undefined {
  if (!(error instanceof Error)) return undefined;
  const cause = error.cause instanceof Error ? error.cause : undefined;
  const frames = error.stack?.split("\n").filter((line) => line.startsWith("    at "));
  return {
    name: error.name,
    message: error.message.startsWith("Failed query:") ? cause?.message : error.message,
    // Under which the page that failed tells its reader to look here.
    digest: (error as { digest?: unknown }).digest,
    code: (error as { code?: unknown }).code ?? (cause as { code?: unknown } | undefined)?.code,
    frames: frames?.slice(0, 8).map((line) => line.trim()),
  };
}

/** Structured lines on standard output. A message body, a prompt or an answer is never among the fields. */
export const log = () => processWide("log", makeLogger);

/**
 * Makes lines of ours of what the framework prints, once the server has started. It would print the error of a page as it
 * is: with the statement, what was asked for, and whatever lines a visitor wrote into that.
 */
export function takeOverConsole(): void {
  for (const level of ["error", "warn"] as const)
    console[level] = (...said: unknown[]) => {
      const err = said.find((part) => part instanceof Error);
      const words = said.filter((part) => typeof part === "string").join(" ");
      log()[level]({ err }, stripVTControlCharacters(words).replace(/^[\s⨯⚠]+/, "") || "a page or an action failed");
    };
}
