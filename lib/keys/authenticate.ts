import { findLiveApiKey, type LiveApiKey } from "@/db/queries/api-keys";
import { AppError } from "@/lib/errors";
import { processWide } from "@/lib/process-wide";
import { hashApiKey, isApiKey } from "./api-key";

/** Who calls. The account pays; the key may have a limit of its own. */
export type Caller = LiveApiKey;

const KNOWN_MS = 5_000;
const UNKNOWN_MS = 1_000;
const MOST_ENTRIES = 50_000;

type Entry = { caller: Promise<Caller | undefined>; accountId?: string; until: number };

const cache = () => processWide("api-keys", () => new Map<string, Entry>());

/**
 * The caller behind a request. A key that is disabled, expired, deleted, or was never made gets one and the same
 * answer. A cached caller is at most 5 s old, and cannot overspend: the hold decides on the database's truth.
 *
 * @throws AppError `authentication`
 */
export async function authenticate(header: (name: string) => string | undefined): Promise<Caller> {
  const key = bearer(header("authorization")) ?? header("x-api-key");
  if (!key) throw new AppError("authentication", "Missing Authentication header");
  if (!isApiKey(key)) throw invalidKey();
  const caller = await callerByHash(hashApiKey(key));
  if (!caller) throw invalidKey();
  return caller;
}

/** @throws AppError `permission_denied`: the two kinds of key are disjoint. */
export function requireKind(caller: Caller, kind: Caller["kind"]): void {
  if (caller.kind === kind) return;
  throw new AppError(
    "permission_denied",
    kind === "management"
      ? "Only management keys can perform this operation"
      : "Management keys cannot be used for inference. Use an inference key.",
  );
}

/** Forgets what this process knows of a key, so that a change acts here at once. Other processes follow within 5 s. */
export const forgetApiKey = (hash: string) => void cache().delete(hash);

/** The same for all the keys of an account. */
export function forgetAccount(accountId: string): void {
  const entries = cache();
  for (const [hash, entry] of entries) if (entry.accountId === accountId) entries.delete(hash);
}

const invalidKey = () => new AppError("authentication", "Invalid API key");

function bearer(authorization: string | undefined): string | undefined {
  if (!authorization || authorization.length > 512) return undefined;
  return /^bearer +(\S+) *$/i.exec(authorization)?.[1];
}

function callerByHash(hash: string): Promise<Caller | undefined> {
  const entries = cache();
  const now = performance.now();
  const known = entries.get(hash);
  if (known && known.until > now) return known.caller;
  if (entries.size >= MOST_ENTRIES) entries.clear();

  const entry: Entry = { caller: findLiveApiKey(hash), until: now + KNOWN_MS };
  entries.set(hash, entry);
  entry.caller.then(
    (caller) => {
      entry.accountId = caller?.accountId;
      if (!caller) entry.until = performance.now() + UNKNOWN_MS;
    },
    () => entries.delete(hash),
  );
  return entry.caller;
}
