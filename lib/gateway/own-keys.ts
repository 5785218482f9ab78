import type { LiveByokKey } from "@/db/queries/api-keys";
import { noteByokUse } from "@/db/queries/byok-keys";
import { AppError, ProviderError } from "@/lib/errors";
import type { Caller } from "@/lib/keys/authenticate";
import { isProviderKey, openByokKey } from "@/lib/keys/byok";
import { log } from "@/lib/log";
import { processWide } from "@/lib/process-wide";

/** A caller's own key for a provider. */
export type OwnKey = {
  provider: string;
  /** Tried after the operator's capacity. */
  isFallback: boolean;
  covers: (modelSlug: string) => boolean;
  /** Whether the operator's capacity at this provider must not be used for the model. */
  bars: (modelSlug: string) => boolean;
  /** The key itself, for the adapter alone. @throws ProviderError `credential` when it does not open */
  reveal: () => string;
  /** Notes that it answered, or how it failed. Nobody waits for it. */
  note: (failure: string | null) => void;
};

const MOST_IN_HEADER = 20;
const NOTED_EVERY_MS = 60_000;

/** Those sent with the request (`X-Provider-API-Keys: {"openai": "sk-…"}`), and then those kept on the account. */
export function ownKeys(caller: Caller, header: string | undefined): OwnKey[] {
  const kept = caller.byok.map((key) => keptKey(caller.accountId, key));
  return header === undefined ? kept : [...sentKeys(header), ...kept];
}

function keptKey(accountId: string, key: LiveByokKey): OwnKey {
  const covers = (model: string) => key.models === null || key.models.includes(model);
  return {
    provider: key.provider,
    isFallback: key.isFallback,
    covers,
    bars: (model) => !key.isFallback && (key.isByokOnly || (key.isRequired && covers(model))),
    reveal: () => {
      try {
        return openByokKey(accountId, key);
      } catch (error) {
        log().error({ byok: key.id, err: error }, "a caller's key for a provider does not open");
        throw new ProviderError(key.provider, "credential", `The key for ${key.provider} cannot be read any more.`);
      }
    },
    note: (failure) => noteOnceAMinute(key.id, failure),
  };
}

/** @throws AppError `invalid_request`, in whose words no part of the header stands */
function sentKeys(header: string): OwnKey[] {
  const bad = new AppError(
    "invalid_request",
    `X-Provider-API-Keys must be a JSON object of at most ${MOST_IN_HEADER} provider slugs and their keys.`,
  );
  let value: unknown;
  try {
    value = JSON.parse(header);
  } catch {
    throw bad;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw bad;
  const entries = Object.entries(value);
  if (entries.length > MOST_IN_HEADER) throw bad;
  return entries.map(([provider, key]) => {
    if (typeof key !== "string" || !isProviderKey(key)) throw bad;
    return {
      provider,
      isFallback: false,
      covers: () => true,
      bars: () => false,
      reveal: () => key,
      note: () => {},
    };
  });
}

function noteOnceAMinute(id: string, failure: string | null): void {
  const noted = processWide("byok-noted", () => new Map<string, number>());
  const what = `${id} ${failure}`;
  const now = performance.now();
  if (now - (noted.get(what) ?? Number.NEGATIVE_INFINITY) < NOTED_EVERY_MS) return;
  if (noted.size > 10_000) noted.clear();
  noted.set(what, now);
  noteByokUse(id, failure).catch((error) => log().warn({ err: error }, "the use of a key could not be noted"));
}
