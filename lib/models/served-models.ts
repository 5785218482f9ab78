import type { Catalogue, Endpoint, Model } from "./catalogue";

export type ServedModel = Model & {
  /** The cheapest first; never empty. */
  endpoints: [Endpoint, ...Endpoint[]];
};

/** The models that can be called now, by slug, each with the endpoints whose provider has a key. */
export const servedModels = ({ models }: Catalogue): ServedModel[] =>
  [...models.values()].flatMap((model) => asServed(model) ?? []).sort((a, b) => a.slug.localeCompare(b.slug, "en"));

/** Undefined where nobody can be asked. What does not answer in text has no address in the API. */
export function asServed(model: Model): ServedModel | undefined {
  if (!model.outputModalities.includes("text")) return undefined;
  const endpoints = model.endpoints
    .filter(({ provider }) => provider.credential)
    .sort((a, b) => compare(pricePerPair(a), pricePerPair(b)));
  const [cheapest, ...others] = endpoints;
  return cheapest && { ...model, endpoints: [cheapest, ...others] };
}

/** Answers are usually shorter than prompts. */
const pricePerPair = ({ prices }: Endpoint) => prices.prompt * 3n + prices.completion;

const compare = (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0);
