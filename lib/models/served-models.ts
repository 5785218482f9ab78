import type { Catalogue, Endpoint } from "./catalogue";

/** The models that can be called now, by slug, each with its cheapest endpoint's prices (pico-USD per token). */
export function servedModels({ models }: Catalogue) {
  return [...models.values()]
    .map((model) => ({ model, endpoints: model.endpoints.filter(({ provider }) => provider.credential) }))
    .filter(({ endpoints }) => endpoints.length > 0)
    .map(({ model, endpoints }) => {
      const { prices } = endpoints.reduce((best, endpoint) =>
        pricePerPair(endpoint) < pricePerPair(best) ? endpoint : best,
      );
      return {
        slug: model.slug,
        name: model.name,
        providers: [...new Set(endpoints.map(({ provider }) => provider.name))],
        contextLength: model.contextLength,
        prompt: prices.prompt,
        completion: prices.completion,
      };
    })
    .sort((a, b) => a.slug.localeCompare(b.slug, "en"));
}

/** Answers are usually shorter than prompts. */
const pricePerPair = ({ prices }: Endpoint) => prices.prompt * 3n + prices.completion;
