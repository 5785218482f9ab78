import type { Availability } from "@/lib/errors";

/** OpenRouter's codes for why nobody can serve a request, and whether the same request may succeed later. */
const RETRYABLE = {
  model_not_found: false,
  wrong_endpoint: false,
  no_endpoints: false,
  privacy_restricted: false,
  constraint_filtered: false,
  capacity_exhausted: true,
  temporarily_unavailable: true,
};

const DOCS_URL = "https://openrouter.ai/docs/guides/routing/provider-selection";

export const availability = (
  code: keyof typeof RETRYABLE,
  models: string[],
  more: Partial<Availability> = {},
): Availability => ({ code, retryable: RETRYABLE[code], requested_models: models, docs_url: DOCS_URL, ...more });

/** OpenRouter's words for the filters it has; ours are in `metadata.excluded`. */
const WORDS: Record<string, string> = {
  only: "allowed_providers",
  ignore: "allowed_providers",
  order: "allowed_providers",
  allowed_providers: "allowed_providers",
  ignored_providers: "allowed_providers",
  no_key: "allowed_providers",
  service_tier: "allowed_providers",
  context_length: "context_length",
  max_tokens: "context_length",
  require_parameters: "require_parameters",
  quantizations: "quantization",
  data_collection: "data_policy:training",
  zdr: "data_policy:zdr",
};

/** Why no endpoint is left, by the filters that removed each. */
export function whyNoneLeft(models: string[], excluded: readonly { provider: string; by: string }[]): Availability {
  const filters = new Set(excluded.map(({ by }) => by));
  const code =
    filters.has("zdr") || filters.has("data_collection")
      ? "privacy_restricted"
      : [...filters].every((by) => by === "no_key")
        ? "no_endpoints"
        : "constraint_filtered";
  const words = [...filters].flatMap((by) => (by.startsWith("max_price.") ? "max_price" : (WORDS[by] ?? [])));
  return availability(code, models, {
    ...(excluded.length > 0 && { affected_providers: [...new Set(excluded.map(({ provider }) => provider))] }),
    ...(words.length > 0 && { excluded_by: [...new Set(words)] }),
  });
}
