import { z } from "zod";
import type { EndpointHealth } from "@/db/queries/endpoint-health";
import { QUANTIZATIONS } from "@/lib/protocol/provider-preferences";
import type { Endpoint, Model } from "./catalogue";
import { architectureObject, createdOf, toArchitecture } from "./model-object";
import { quantizationOf } from "./preference-filters";
import { pricingObject, toPricing } from "./pricing-object";
import { endpointTag } from "./provider-names";

const percentiles = z.object({ p50: z.number(), p75: z.number(), p90: z.number(), p99: z.number() }).nullable();
const uptime = z.number().nullable().describe("Percent of the tries that did not fail; null where there were none");

export const endpointObject = z
  .object({
    name: z.string(),
    model_id: z.string(),
    model_name: z.string(),
    provider_name: z.string(),
    tag: z.string().describe("What `provider.order` and `provider.only` may name it by"),
    quantization: z.enum(QUANTIZATIONS).nullable(),
    context_length: z.int(),
    max_completion_tokens: z.int().nullable(),
    max_prompt_tokens: z.int().nullable(),
    pricing: pricingObject,
    supported_parameters: z.array(z.string()),
    supports_implicit_caching: z.boolean(),
    supports_tool_choice: z.object({
      auto: z.boolean(),
      none: z.boolean(),
      required: z.boolean(),
      function: z.boolean(),
    }),
    supports_voice_cloning: z.boolean(),
    status: z
      .union([z.literal(0), z.literal(-1), z.literal(-2)])
      .describe(
        "0: as usual. -1: fewer than 95 % of the last 30 minutes' tries succeeded. -2: fewer than 80 %, or it fails now",
      ),
    uptime_last_5m: uptime,
    uptime_last_30m: uptime,
    uptime_last_1d: uptime,
    latency_last_30m: percentiles.describe("Milliseconds to the first token; null without a key"),
    throughput_last_30m: percentiles.describe("Tokens a second after the first; null without a key"),
  })
  .meta({ id: "Endpoint" });

export const modelEndpoints = z
  .object({
    id: z.string(),
    name: z.string(),
    created: z.int(),
    description: z.string(),
    architecture: architectureObject,
    endpoints: z.array(endpointObject),
  })
  .meta({ id: "ModelEndpoints" });

export const toModelEndpoints = (
  model: Model,
  endpoints: z.infer<typeof endpointObject>[],
): z.infer<typeof modelEndpoints> => ({
  id: model.slug,
  name: model.name,
  created: createdOf(model),
  description: model.description,
  architecture: toArchitecture(model),
  endpoints,
});

/**
 * An endpoint as OpenRouter shows it. `measured`: whether its speed is shown, which it is to callers with a key; `fails`:
 * whether it does at present.
 */
export function toEndpointObject(
  model: Model,
  endpoint: Endpoint,
  health: readonly EndpointHealth[],
  { measured, fails }: { measured: boolean; fails: boolean },
): z.infer<typeof endpointObject> {
  const own = health.find(({ endpointId }) => endpointId === endpoint.id);
  const tries = health.filter(
    ({ endpointId, providerSlug }) =>
      endpointId === endpoint.id || (endpointId === null && providerSlug === endpoint.provider.slug),
  );
  const tools = endpoint.supportedParameters.has("tools");
  const choice = endpoint.supportedParameters.has("tool_choice");
  return {
    name: `${endpoint.provider.name} | ${model.slug}`,
    model_id: model.slug,
    model_name: model.name,
    provider_name: endpoint.provider.name,
    tag: endpointTag(endpoint),
    quantization: quantizationOf(endpoint),
    context_length: endpoint.contextLength,
    max_completion_tokens: endpoint.maxOutput,
    max_prompt_tokens: null,
    pricing: toPricing(endpoint.prices),
    supported_parameters: [...endpoint.supportedParameters].sort(),
    // Anthropic caches what it is told to, the others what they have seen.
    supports_implicit_caching: endpoint.prices.cacheRead !== null && endpoint.provider.kind !== "anthropic",
    supports_tool_choice: { auto: tools, none: choice, required: choice, function: choice },
    supports_voice_cloning: false,
    status: fails ? -2 : statusOf(tries),
    uptime_last_5m: uptimeOf(tries.map(({ last5m }) => last5m)),
    uptime_last_30m: uptimeOf(tries.map(({ last30m }) => last30m)),
    uptime_last_1d: uptimeOf(tries.map(({ last1d }) => last1d)),
    latency_last_30m: measured ? (own?.latency ?? null) : null,
    throughput_last_30m: measured ? (own?.throughput ?? null) : null,
  };
}

type Tries = EndpointHealth["last5m"];

const sum = (tries: readonly Tries[], what: keyof Tries) => tries.reduce((all, { [what]: count }) => all + count, 0);

function uptimeOf(tries: readonly Tries[]): number | null {
  const asked = sum(tries, "asked");
  return asked === 0 ? null : Math.round((1 - sum(tries, "failed") / asked) * 100_000) / 1_000;
}

/** Fewer tries say little. */
const LEAST_TRIES = 20;

function statusOf(health: readonly EndpointHealth[]): 0 | -1 | -2 {
  const tries = health.map(({ last30m }) => last30m);
  const uptime = sum(tries, "asked") < LEAST_TRIES ? 100 : (uptimeOf(tries) ?? 100);
  return uptime >= 95 ? 0 : uptime >= 80 ? -1 : -2;
}
