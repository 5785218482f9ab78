import type { CatalogueModel, CatalogueProvider } from "@/db/catalogue";
import type { PricedModel } from "./price-source";

/** A provider that we route to, and where the price package keeps its prices. */
export type OfferedProvider = Pick<CatalogueProvider, "slug" | "name" | "kind" | "baseUrl"> & {
  priceSource: string;
  /** The company whose own service it is. */
  company?: string;
};

export type OfferedEndpoint = {
  provider: string;
  upstreamModel: string;
  /** Where the price is, if not under the provider's own name for the model. */
  pricedAs?: PricedModel;
  /** Where the context length is, if the price has none beside it. */
  contextFrom?: PricedModel | "registry";
  /** As its maker documents it, where no package has it. */
  contextLength?: number;
};

/** Says which models are offered and by whom. Prices, context lengths and maximum outputs come from the packages. */
export type OfferedModel = {
  slug: string;
  label: string;
  description: string;
  /** Its key in llm-zoo: the one with reasoning, where there are two. Without it, `features` says what it can do. */
  registryKey?: string;
  features?: { images?: true; tools?: true; reasoning?: true };
  outputs?: "embeddings";
  tokenizer?: CatalogueModel["tokenizer"];
  aliases?: string[];
  /** The day on which its maker announced to stop serving it. */
  expirationDate?: string;
  /** Refuses temperature, top_p and top_k. */
  fixedSampling?: true;
  toolsNeedResponsesApi?: true;
  /** Parameters beyond, or short of, those that the provider's models usually take. */
  with?: string[];
  without?: string[];
  endpoints: OfferedEndpoint[];
};
