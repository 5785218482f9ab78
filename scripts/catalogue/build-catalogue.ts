import type { Catalogue, CatalogueEndpoint, CatalogueModel, CataloguePrices } from "@/db/catalogue";
import { contextLength, isFirstParty, pricedModel } from "./context-length";
import { dataPolicyOf } from "./data-policies";
import { isDistillable } from "./distillable";
import type { OfferedEndpoint, OfferedModel } from "./offer";
import { offeredModels } from "./offered-models";
import { companies, offeredProviders } from "./offered-providers";
import { laterPriceDays, sourceModel, sourcePrices } from "./price-source";
import { toCataloguePrices } from "./prices";
import { datedNames, featuresOf, inputModalities, registryEntry, snapshotTime } from "./registry";
import { supportedParameters } from "./supported-parameters";

/** The day whose prices are written. */
export const PRICES_AS_OF = "2026-11-23";
const SOURCE = "@pydantic/genai-prices 0.1.8, llm-zoo 1.37.0";

/** The whole catalogue, from the packages and the table of what is offered; the same every time. */
export function buildCatalogue(offered: OfferedModel[] = offeredModels): Catalogue {
  const models = offered.map((model) => toModel(model, offered)).sort(by(({ slug }) => slug));
  const served = new Set(models.flatMap(({ endpoints }) => endpoints.map(({ provider }) => provider)));
  return {
    pricesAsOf: PRICES_AS_OF,
    source: SOURCE,
    companies: [...new Set(models.map(({ company }) => company))].map((slug) => ({ slug, name: companyOf(slug).name })),
    providers: offeredProviders
      .filter(({ slug }) => served.has(slug))
      .map(({ slug, name, kind, baseUrl }) => ({ slug, name, kind, baseUrl, ...dataPolicyOf(slug) }))
      .sort(by(({ slug }) => slug)),
    models,
  };
}

function toModel(model: OfferedModel, offered: OfferedModel[]): CatalogueModel {
  const [company = ""] = model.slug.split("/");
  const endpoints = model.endpoints.map((endpoint) => toEndpoint(model, endpoint)).sort(by(({ provider }) => provider));
  const times = [model.slug, ...datedNames(model)].map(snapshotTime).filter((time) => time !== undefined);
  return {
    slug: model.slug,
    name: `${companyOf(company).name}: ${model.label}`,
    company,
    description: model.description,
    created: times[0] ?? null,
    expirationDate: model.expirationDate ?? null,
    contextLength: Math.max(...endpoints.map((endpoint) => endpoint.contextLength)),
    inputModalities: inputModalities(
      model,
      endpoints.some(({ prices }) => prices.audioPico !== null),
    ),
    outputModalities: [model.outputs ?? "text"],
    tokenizer: model.tokenizer ?? companyOf(company).tokenizer,
    reasoning: featuresOf(model).reasoning,
    distillable: isDistillable(model.slug),
    aliases: aliasesOf(model, offered),
    endpoints,
  };
}

function toEndpoint(model: OfferedModel, endpoint: OfferedEndpoint): CatalogueEndpoint {
  const source = pricedModel(endpoint);
  const embeds = model.outputs === "embeddings";
  const context = contextLength(model, endpoint);
  const maxOutput = registryEntry(model)?.maxOutputTokens;
  const pricesOn = (day: string) => reachable(toCataloguePrices(sourcePrices(source, day), embeds), context);
  const changes = laterPriceDays(sourceModel(source), PRICES_AS_OF).map((from) => ({ from, prices: pricesOn(from) }));
  return {
    provider: endpoint.provider,
    upstreamModel: endpoint.upstreamModel,
    contextLength: context,
    maxOutput: maxOutput === undefined ? null : Math.min(maxOutput, context),
    supportedParameters: supportedParameters(endpoint.provider, model, featuresOf(model)),
    toolsNeedResponsesApi: model.toolsNeedResponsesApi ?? false,
    prices: pricesOn(PRICES_AS_OF),
    ...(changes.length > 0 && { priceChanges: changes }),
  };
}

/** Without the tiers of prompts that the endpoint refuses: one counted too long would be held at their price. */
function reachable(prices: CataloguePrices, context: number): CataloguePrices {
  return { ...prices, tiers: prices.tiers.filter(({ abovePromptTokens }) => abovePromptTokens < context) };
}

/** Its dated names, its maker's own name for it and those given; never the slug of another model. */
function aliasesOf(model: OfferedModel, offered: OfferedModel[]): string[] {
  const [company] = model.slug.split("/");
  const makersOwn = model.endpoints.filter((endpoint) => isFirstParty(model, endpoint));
  const names = [
    ...(model.aliases ?? []),
    ...datedNames(model),
    ...makersOwn.map(({ upstreamModel }) => `${company}/${upstreamModel}`.toLowerCase()),
  ];
  const slugs = new Set(offered.map(({ slug }) => slug));
  return [...new Set(names)].filter((name) => !slugs.has(name)).sort();
}

function companyOf(slug: string) {
  const company = companies[slug];
  if (!company) throw new Error(`${slug} is not among the companies`);
  return company;
}

/** Code points, not a locale: the file must come out the same on every machine. */
function by<Item>(key: (item: Item) => string) {
  return (one: Item, other: Item) => (key(one) < key(other) ? -1 : Number(key(one) > key(other)));
}
