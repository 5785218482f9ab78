import { formatPrice, formatUsd } from "@/lib/money";
import type { Endpoint, Model } from "./catalogue";
import type { PriceList } from "./price";

/** A model as OpenRouter's `/models` shows it. Prices are US dollars per token, exact decimal strings. */
export function toModelObject(model: Model, endpoints: Endpoint[]) {
  const [first] = endpoints;
  const cheapest = endpoints.reduce((best, endpoint) => (weight(endpoint) < weight(best) ? endpoint : best), first);
  const input = model.inputModalities;
  const output = model.outputModalities;
  return {
    id: model.slug,
    canonical_slug: model.slug,
    name: model.name,
    created: Math.floor((model.releasedAt?.getTime() ?? 0) / 1000),
    description: model.description,
    context_length: model.contextLength,
    architecture: {
      modality: `${input.join("+")}->${output.join("+")}`,
      input_modalities: input,
      output_modalities: output,
      tokenizer: model.tokenizer,
      instruct_type: null,
    },
    pricing: cheapest ? toPricing(cheapest.prices) : { prompt: "0", completion: "0" },
    top_provider: {
      is_moderated: false,
      context_length: cheapest?.contextLength ?? model.contextLength,
      max_completion_tokens: cheapest?.maxOutput ?? null,
    },
    per_request_limits: null,
    supported_parameters: [...new Set(endpoints.flatMap(({ supportedParameters }) => [...supportedParameters]))].sort(),
    default_parameters: null,
    supported_voices: null,
    links: { details: `/api/v1/models/${model.slug}/endpoints` },
    ...(model.reasoning && { reasoning: { mandatory: false } }),
  };
}

function toPricing(prices: PriceList) {
  const optional = {
    input_cache_read: prices.cacheRead,
    input_cache_write: prices.cacheWrite,
    input_cache_write_1h: prices.cacheWriteHour,
    internal_reasoning: prices.reasoning,
    audio: prices.audio,
  };
  const known = Object.entries(optional).flatMap(([name, price]) =>
    price === null ? [] : [[name, formatPrice(price)]],
  );
  return {
    prompt: formatPrice(prices.prompt),
    completion: formatPrice(prices.completion),
    request: formatUsd(prices.request),
    image: formatUsd(prices.image),
    ...(Object.fromEntries(known) as Record<string, string>),
  };
}

/** Answers are usually shorter than prompts. */
const weight = (endpoint: Endpoint | undefined) =>
  endpoint ? endpoint.prices.prompt * 3n + endpoint.prices.completion : 0n;
