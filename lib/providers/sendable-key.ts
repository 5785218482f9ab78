import { ProviderError } from "@/lib/errors";
import type { Connection } from "./adapter";

/**
 * The key, if a header can carry it. Otherwise `Headers` would throw an error that has the key in its message.
 *
 * @throws ProviderError `credential`
 */
export function sendableKey({ apiKey, provider }: Connection): string {
  if (/^[\x21-\x7e]+$/.test(apiKey)) return apiKey;
  throw new ProviderError(provider, "credential", `${provider} cannot be used: its key on this server is not usable.`);
}
