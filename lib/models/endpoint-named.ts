import type { Endpoint, Provider } from "./catalogue";
import type { PriceList } from "./price";

type Changes = Partial<Omit<Endpoint, "prices" | "provider">> & {
  prices?: Partial<PriceList>;
  provider?: Partial<Provider>;
};

/** An endpoint for a table test, as its tag names it: `deepinfra/turbo`. */
export function endpointNamed(tag: string, { prices, provider, ...changes }: Changes = {}): Endpoint {
  const [slug = "", variant = ""] = tag.split("/");
  return {
    id: tag,
    modelSlug: "test/one",
    provider: {
      slug,
      name: slug.toUpperCase(),
      kind: "openai",
      credential: { apiKey: "key", mark: "key" },
      ...provider,
    },
    variant,
    upstreamModel: "one",
    contextLength: 100_000,
    maxOutput: null,
    supportedParameters: new Set(["temperature"]),
    wire: null,
    trainsOnPrompts: null,
    retainsPrompts: null,
    quantization: null,
    distillable: null,
    timeouts: {},
    prices: {
      id: `${tag}-prices`,
      prompt: 1_000_000n,
      completion: 2_000_000n,
      cacheRead: null,
      cacheWrite: null,
      cacheWriteHour: null,
      reasoning: null,
      audio: null,
      image: 0n,
      request: 0n,
      tiers: [],
      ...prices,
    },
    ...changes,
  };
}
