import { and, asc, desc, eq, sql } from "drizzle-orm";
import { type Database, db, moneyStatement } from "../client";
import { companies, endpointPrices, endpoints, modelAliases, models, providers } from "../schema";

export type CatalogueRows = Awaited<ReturnType<typeof readCatalogue>>;

/** Counts up with every change to companies, providers, models, aliases and endpoints. */
export async function catalogueVersion(): Promise<bigint> {
  const [row] = await moneyStatement<{ version: string }[]>(
    (statement) => statement`select version from catalogue_state`,
  );
  return BigInt(row?.version ?? 0);
}

/** What is enabled. A read that falls between two changes is mended by the next look at the version. */
export async function readCatalogue() {
  const [modelRows, aliases, providerRows, endpointRows, prices] = await Promise.all([
    db().select().from(models).where(eq(models.enabled, true)),
    db().select().from(modelAliases),
    db().select().from(providers).where(eq(providers.enabled, true)),
    db().select().from(endpoints).where(eq(endpoints.enabled, true)),
    // The one in force and those to come; earlier ones only explain old bills.
    db()
      .select()
      .from(endpointPrices)
      .where(
        sql`${endpointPrices.validFrom} >= (select max(begun.valid_from) from ${endpointPrices} as begun
              where begun.endpoint_id = ${endpointPrices.endpointId} and begun.valid_from <= now())
            or ${endpointPrices.validFrom} > now()`,
      )
      .orderBy(asc(endpointPrices.validFrom)),
  ]);
  return { models: modelRows, aliases, providers: providerRows, endpoints: endpointRows, prices };
}

export const listProviders = (database: Database) => database.select().from(providers).orderBy(providers.slug);

export const listModels = (database: Database) => database.select().from(models).orderBy(models.slug);

export const listEndpoints = (database: Database, modelSlug?: string) =>
  database
    .selectDistinctOn([endpoints.modelSlug, endpoints.providerSlug, endpoints.variant], {
      endpoint: endpoints,
      price: endpointPrices,
    })
    .from(endpoints)
    .innerJoin(
      endpointPrices,
      and(eq(endpointPrices.endpointId, endpoints.id), sql`${endpointPrices.validFrom} <= now()`),
    )
    .where(modelSlug ? eq(endpoints.modelSlug, modelSlug) : undefined)
    .orderBy(endpoints.modelSlug, endpoints.providerSlug, endpoints.variant, desc(endpointPrices.validFrom));

/** Undefined when there is one of this slug. */
export async function insertProvider(database: Database, provider: typeof providers.$inferInsert) {
  const [row] = await database.insert(providers).values(provider).onConflictDoNothing().returning();
  return row;
}

/** Adds the provider, or gives the one of this slug a new address and key. */
export async function upsertProvider(database: Database, provider: typeof providers.$inferInsert) {
  const { slug, ...change } = provider;
  const [row] = await database
    .insert(providers)
    .values(provider)
    .onConflictDoUpdate({ target: providers.slug, set: change })
    .returning();
  return row;
}

type NewPrice = Omit<typeof endpointPrices.$inferInsert, "endpointId">;

/** Adds the endpoint, or replaces the one of this model, provider and variant; its price is a new row from now on. */
export async function upsertEndpoint(database: Database, endpoint: typeof endpoints.$inferInsert, price: NewPrice) {
  const { modelSlug: _model, providerSlug: _provider, variant: _variant, ...change } = endpoint;
  return database.transaction(async (tx) => {
    const [row] = await tx
      .insert(endpoints)
      .values(endpoint)
      .onConflictDoUpdate({ target: [endpoints.modelSlug, endpoints.providerSlug, endpoints.variant], set: change })
      .returning();
    if (!row) throw new Error("the endpoint was not returned");
    const [priced] = await tx
      .insert(endpointPrices)
      .values({ ...price, endpointId: row.id, validFrom: sql`clock_timestamp()` as unknown as Date })
      .returning();
    if (!priced) throw new Error("the price was not returned");
    return { endpoint: row, price: priced };
  });
}

type EndpointChange = Partial<
  Pick<typeof endpoints.$inferInsert, "enabled" | "quantization" | "trainsOnPrompts" | "retainsPrompts">
>;

export async function updateEndpoint(database: Database, id: string, change: EndpointChange) {
  const [row] = await database.update(endpoints).set(change).where(eq(endpoints.id, id)).returning();
  return row;
}

export async function updateProvider(
  database: Database,
  slug: string,
  change: Partial<Omit<typeof providers.$inferInsert, "slug">>,
) {
  const [row] = await database.update(providers).set(change).where(eq(providers.slug, slug)).returning();
  return row;
}

export async function updateModel(database: Database, slug: string, change: Partial<typeof models.$inferInsert>) {
  const [row] = await database.update(models).set(change).where(eq(models.slug, slug)).returning();
  return row;
}

/** Adds the model if it is new; one that is there keeps what the operator made of it. */
export async function insertModel(database: Database, model: typeof models.$inferInsert, companyName: string) {
  await database.insert(companies).values({ slug: model.companySlug, name: companyName }).onConflictDoNothing();
  await database.insert(models).values(model).onConflictDoNothing();
}

export async function findModelRow(database: Database, slug: string) {
  const [row] = await database.select().from(models).where(eq(models.slug, slug));
  return row;
}

export async function findProviderRow(database: Database, slug: string) {
  const [row] = await database.select().from(providers).where(eq(providers.slug, slug));
  return row;
}

/** Providers by their slugs, with how many endpoints each has and how many of them are on. */
export const listProvidersServing = (database: Database) =>
  database
    .select({
      provider: providers,
      endpoints: sql<number>`(select count(*)::int from ${endpoints} e where e.provider_slug = ${providers.slug})`,
      enabledEndpoints: sql<number>`(select count(*)::int from ${endpoints} e where e.provider_slug = ${providers.slug} and e.enabled)`,
    })
    .from(providers)
    .orderBy(providers.slug);
