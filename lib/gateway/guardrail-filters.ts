import type { LiveGuardrail } from "@/db/queries/api-keys";
import type { Endpoint } from "@/lib/models/catalogue";
import { isFree } from "@/lib/models/preference-filters";
import { endpointTag } from "@/lib/models/provider-names";
import type { Filter } from "@/lib/models/sift-endpoints";

/** Whose models have a rule of their own about what may be retained. */
const GROUPS = new Set(["anthropic", "openai", "google"]);
/** Grok's maker, by its name in the catalogue. */
const XAI = "x-ai";

/** What a key's guardrail keeps. What nobody knows of an endpoint does not satisfy a rule that asks for it. */
export function guardrailFilters(guardrail: LiveGuardrail | null | undefined): Filter[] {
  if (!guardrail) return [];
  const { name, rules } = guardrail;
  const because = (removed: Endpoint[]) =>
    `The guardrail ${name} of this API key does not allow ${[...new Set(removed.map(endpointTag))].join(", ")} for ${removed[0]?.modelSlug}.`;
  const keeps: ((endpoint: Endpoint) => boolean)[] = [
    ({ modelSlug }) => rules.allowed_models?.includes(modelSlug) ?? true,
    ({ modelSlug }) => !rules.ignored_models?.includes(modelSlug),
    (endpoint) => rules.allowed_providers?.some(isOf(endpoint)) ?? true,
    (endpoint) => !rules.ignored_providers?.some(isOf(endpoint)),
    ({ modelSlug, retainsPrompts }) => !needsZdr(rules, modelSlug) || retainsPrompts === false,
    (endpoint) => mayTrain(rules, endpoint) || endpoint.trainsOnPrompts === false,
    (endpoint) =>
      rules.enable_free_model_publication !== false || !isFree(endpoint) || endpoint.retainsPrompts === false,
  ];
  return keeps.map((keep) => ({ by: "guardrail", keeps: keep, because }));
}

function needsZdr(rules: LiveGuardrail["rules"], slug: string): boolean {
  const [company = ""] = slug.split("/");
  const group = company === XAI ? "xai" : GROUPS.has(company) ? (company as "anthropic") : "other";
  return rules.enforce_zdr === true || rules[`enforce_zdr_${group}`] === true;
}

const mayTrain = (rules: LiveGuardrail["rules"], endpoint: Endpoint) =>
  (isFree(endpoint) ? rules.enable_free_model_training : rules.enable_paid_model_training) !== false;

/** A bare provider means all of its endpoints, the tiers too. */
function isOf(endpoint: Endpoint) {
  const { slug, name } = endpoint.provider;
  const names = [slug, name.toLowerCase(), endpointTag(endpoint)];
  return (named: string) => names.includes(named.toLowerCase());
}
