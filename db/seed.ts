import { createHash } from "node:crypto";
import { drizzle } from "drizzle-orm/postgres-js";
import type postgres from "postgres";
import { type Catalogue, catalogue } from "./catalogue";
import * as schema from "./schema";

/**
 * Lays the shipped catalogue in, once per edition of it. What is there already stays as the operator has it: a row is
 * only ever added.
 */
export async function seedCatalogue(sql: postgres.Sql): Promise<void> {
  const edition = createHash("sha256").update(JSON.stringify(catalogue)).digest("hex").slice(0, 16);
  const [state] = await sql`select edition from catalogue_state`;
  if (state?.edition === edition) return;
  await drizzle(sql, { schema }).transaction(async (tx) => {
    const { companies, providers, models } = catalogue;
    await tx.insert(schema.companies).values(companies).onConflictDoNothing();
    await tx.insert(schema.providers).values(providers.map(toProviderRow)).onConflictDoNothing();
    await tx.insert(schema.models).values(models.map(toModelRow)).onConflictDoNothing();
    const aliases = models.flatMap(({ slug, aliases }) => aliases.map((alias) => ({ alias, modelSlug: slug })));
    await tx.insert(schema.modelAliases).values(aliases).onConflictDoNothing();
    const added = await tx
      .insert(schema.endpoints)
      .values(models.flatMap((model) => model.endpoints.map((endpoint) => toEndpointRow(model, endpoint))))
      .onConflictDoNothing()
      .returning();
    const prices = added.flatMap((endpoint) =>
      toPriceRows(endpoint.id, shipped(endpoint.modelSlug, endpoint.providerSlug)),
    );
    if (prices.length > 0) await tx.insert(schema.endpointPrices).values(prices);
    await tx.update(schema.catalogueState).set({ edition });
  });
}

type CatalogueEndpoint = CatalogueModel["endpoints"][number];

function shipped(modelSlug: string, providerSlug: string): CatalogueEndpoint {
  const model = catalogue.models.find(({ slug }) => slug === modelSlug);
  const endpoint = model?.endpoints.find(({ provider }) => provider === providerSlug);
  if (!endpoint) throw new Error(`${modelSlug} at ${providerSlug} is not in the shipped catalogue`);
  return endpoint;
}

const toProviderRow = ({ slug, name, kind, baseUrl }: Catalogue["providers"][number]) => ({
  slug,
  name,
  kind,
  baseUrl,
});

type CatalogueModel = Catalogue["models"][number];

const toModelRow = (model: CatalogueModel): typeof schema.models.$inferInsert => ({
  slug: model.slug,
  companySlug: model.company,
  name: model.name,
  description: model.description,
  contextLength: model.contextLength,
  inputModalities: model.inputModalities,
  outputModalities: model.outputModalities,
  tokenizer: model.tokenizer,
  reasoning: model.reasoning,
  releasedAt: model.created === null ? null : new Date(model.created * 1000),
});

const toEndpointRow = (model: CatalogueModel, endpoint: CatalogueEndpoint): typeof schema.endpoints.$inferInsert => ({
  modelSlug: model.slug,
  providerSlug: endpoint.provider,
  upstreamModel: endpoint.upstreamModel,
  // OpenAI's reasoning models take tools, and give their reasoning back, on the Responses API alone.
  wire: endpoint.provider === "openai" && model.reasoning ? "openai-responses" : null,
  contextLength: endpoint.contextLength,
  maxOutput: endpoint.maxOutput,
  supportedParameters: endpoint.supportedParameters,
});

const toPriceRows = (endpointId: string, { prices, priceChanges = [] }: CatalogueEndpoint) => [
  toPriceRow(endpointId, new Date(0), prices),
  ...priceChanges.map((change) => toPriceRow(endpointId, new Date(`${change.from}T00:00:00Z`), change.prices)),
];

const toPriceRow = (
  endpointId: string,
  validFrom: Date,
  prices: CatalogueEndpoint["prices"],
): typeof schema.endpointPrices.$inferInsert => ({
  endpointId,
  validFrom,
  promptPico: BigInt(prices.promptPico),
  completionPico: BigInt(prices.completionPico),
  cacheReadPico: bigintOrNull(prices.cacheReadPico),
  cacheWritePico: bigintOrNull(prices.cacheWritePico),
  cacheWriteHourPico: bigintOrNull(prices.cacheWriteHourPico),
  reasoningPico: bigintOrNull(prices.reasoningPico),
  audioPico: bigintOrNull(prices.audioPico),
  imageNano: BigInt(prices.imageNano ?? 0),
  requestNano: BigInt(prices.requestNano ?? 0),
  tiers: prices.tiers,
});

const bigintOrNull = (text: string | null | undefined) => (text == null ? null : BigInt(text));
