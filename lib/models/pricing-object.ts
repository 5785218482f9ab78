import { z } from "zod";
import { formatPrice, formatUsd } from "@/lib/money";
import type { PriceList } from "./price";

const usd = z.string().describe("US dollars for one, an exact decimal");

const tokenPrices = {
  prompt: usd,
  completion: usd,
  input_cache_read: usd.optional(),
  input_cache_write: usd.optional(),
  input_cache_write_1h: usd.optional(),
  internal_reasoning: usd.optional(),
};

export const pricingObject = z
  .object({
    ...tokenPrices,
    audio: usd.optional(),
    request: usd,
    image: usd,
    overrides: z
      .array(z.object({ ...tokenPrices, min_prompt_tokens: z.int() }))
      .optional()
      .describe(
        "Prices of the whole request when its prompt is longer than `min_prompt_tokens`; the last that applies",
      ),
  })
  .meta({ id: "Pricing" });

type TokenPrices = PriceList["tiers"][number] | PriceList;

/** Prices as OpenRouter shows them: US dollars per token, per image and per request, exact decimal strings. */
export function toPricing(prices: PriceList): z.infer<typeof pricingObject> {
  return {
    ...toTokenPrices(prices),
    ...(prices.audio !== null && { audio: formatPrice(prices.audio) }),
    request: formatUsd(prices.request),
    image: formatUsd(prices.image),
    ...(prices.tiers.length > 0 && {
      overrides: prices.tiers.map((tier) => ({ min_prompt_tokens: tier.above, ...toTokenPrices(tier) })),
    }),
  };
}

function toTokenPrices({ prompt, completion, cacheRead, cacheWrite, cacheWriteHour, reasoning }: TokenPrices) {
  return {
    prompt: formatPrice(prompt),
    completion: formatPrice(completion),
    ...(cacheRead !== null && { input_cache_read: formatPrice(cacheRead) }),
    ...(cacheWrite !== null && { input_cache_write: formatPrice(cacheWrite) }),
    ...(cacheWriteHour !== null && { input_cache_write_1h: formatPrice(cacheWriteHour) }),
    ...(reasoning !== null && { internal_reasoning: formatPrice(reasoning) }),
  };
}
