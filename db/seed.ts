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
    for (const [table, rows] of tables(catalogue)) await tx.insert(table).values(rows).onConflictDoNothing();
    await tx.update(schema.catalogueState).set({ edition });
  });
}

function tables({ companies, providers, models }: Catalogue) {
  return [
    [schema.companies, companies],
    [schema.providers, providers.map(({ slug, name, kind, baseUrl }) => ({ slug, name, kind, baseUrl }))],
    [schema.models, models.map(toModelRow)],
    [schema.modelAliases, models.flatMap(({ slug, aliases }) => aliases.map((alias) => ({ alias, modelSlug: slug })))],
    [
      schema.endpoints,
      models.flatMap((model) => model.endpoints.map((endpoint) => toEndpointRow(model.slug, endpoint))),
    ],
  ] as [typeof schema.companies, (typeof schema.companies.$inferInsert)[]][];
}

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

function toEndpointRow(
  modelSlug: string,
  endpoint: CatalogueModel["endpoints"][number],
): typeof schema.endpoints.$inferInsert {
  const { prices } = endpoint;
  return {
    modelSlug,
    providerSlug: endpoint.provider,
    upstreamModel: endpoint.upstreamModel,
    contextLength: endpoint.contextLength,
    maxOutput: endpoint.maxOutput,
    supportedParameters: endpoint.supportedParameters,
    promptPico: BigInt(prices.promptPico),
    completionPico: BigInt(prices.completionPico),
    cacheReadPico: bigintOrNull(prices.cacheReadPico),
    cacheWritePico: bigintOrNull(prices.cacheWritePico),
    cacheWriteHourPico: bigintOrNull(prices.cacheWriteHourPico),
    reasoningPico: bigintOrNull(prices.reasoningPico),
    imageNano: BigInt(prices.imageNano ?? 0),
    requestNano: BigInt(prices.requestNano ?? 0),
    priceTiers: prices.tiers,
  };
}

const bigintOrNull = (text: string | null | undefined) => (text == null ? null : BigInt(text));
