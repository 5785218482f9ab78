import { createHash } from "node:crypto";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import type postgres from "postgres";
import { type Catalogue, catalogue } from "./catalogue";
import * as schema from "./schema";

/**
 * Lays the shipped catalogue in, once per edition of it. What is there already stays as the operator has it: a row is
 * only ever added, and of one that is there only what nobody knew is filled in.
 */
export async function seedCatalogue(client: postgres.Sql): Promise<void> {
  const edition = createHash("sha256").update(JSON.stringify(catalogue)).digest("hex").slice(0, 16);
  const [state] = await client`select edition from catalogue_state`;
  if (state?.edition === edition) return;
  await drizzle(client, { schema }).transaction(async (tx) => {
    const { companies, providers, models } = catalogue;
    await tx.insert(schema.companies).values(companies).onConflictDoNothing();
    const { providers: providerTable, models: modelTable } = schema;
    await tx
      .insert(providerTable)
      .values(providers.map(toProviderRow))
      .onConflictDoUpdate({
        target: providerTable.slug,
        set: {
          trainsOnPrompts: sql`coalesce(${providerTable.trainsOnPrompts}, excluded.trains_on_prompts)`,
          retainsPrompts: sql`coalesce(${providerTable.retainsPrompts}, excluded.retains_prompts)`,
        },
        // At another address somebody else may answer.
        setWhere: sql`${providerTable.baseUrl} is not distinct from excluded.base_url`,
      });
    await tx
      .insert(modelTable)
      .values(models.map(toModelRow))
      .onConflictDoUpdate({
        target: modelTable.slug,
        set: { distillable: sql`coalesce(${modelTable.distillable}, excluded.distillable)` },
      });
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

const toProviderRow = (provider: Catalogue["providers"][number]): typeof schema.providers.$inferInsert => provider;

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
  distillable: model.distillable,
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

/** A price of the shipped catalogue, of that endpoint and from that moment on. */
export const toPriceRow = (
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
