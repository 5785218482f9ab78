import { and, asc, desc, eq, inArray, or, sql } from "drizzle-orm";
import type { Database } from "../client";
import type { Operator } from "../operator";
import { endpointPrices, endpoints, models } from "../schema";

export type PriceRow = typeof endpointPrices.$inferSelect;
export type EndpointRow = typeof endpoints.$inferSelect;
/** A price as it is decided on: which endpoint's and from when is said beside it. */
export type NewPrice = Omit<typeof endpointPrices.$inferInsert, "id" | "endpointId" | "validFrom">;

/** A page of models; `search` is part of a slug or a name. With how many endpoints each has, and how many are on. */
export function listModelsServed({ database }: Operator, { search, most }: { search: string; most: number }) {
  const inside = (column: typeof models.slug | typeof models.name) =>
    sql`strpos(lower(${column}), ${search.toLowerCase()}) > 0`;
  return database
    .select({
      slug: models.slug,
      name: models.name,
      enabled: models.enabled,
      endpoints: sql<number>`(select count(*)::int from ${endpoints} e where e.model_slug = ${models.slug})`,
      enabledEndpoints: sql<number>`(select count(*)::int from ${endpoints} e where e.model_slug = ${models.slug} and e.enabled)`,
    })
    .from(models)
    .where(search === "" ? undefined : or(inside(models.slug), inside(models.name)))
    .orderBy(asc(models.slug))
    .limit(most);
}

/** A model's endpoints and every price they ever had and will have, the newest first. */
export async function listEndpointsWithPrices(
  { database }: Operator,
  modelSlug: string,
): Promise<{ endpoint: EndpointRow; prices: PriceRow[] }[]> {
  const rows = await database
    .select()
    .from(endpoints)
    .where(eq(endpoints.modelSlug, modelSlug))
    .orderBy(asc(endpoints.providerSlug), asc(endpoints.variant));
  if (rows.length === 0) return [];
  const prices = await database
    .select()
    .from(endpointPrices)
    .where(
      inArray(
        endpointPrices.endpointId,
        rows.map(({ id }) => id),
      ),
    )
    .orderBy(desc(endpointPrices.validFrom));
  return rows.map((endpoint) => ({ endpoint, prices: prices.filter(({ endpointId }) => endpointId === endpoint.id) }));
}

/** Every endpoint of the shipped kind, with the price in force and those to come, ascending. */
export async function listPricesFromNow({ database }: Operator) {
  const rows = await database
    .select()
    .from(endpoints)
    .innerJoin(endpointPrices, eq(endpointPrices.endpointId, endpoints.id))
    .where(
      and(
        eq(endpoints.variant, ""),
        sql`${endpointPrices.validFrom} >= coalesce((select max(begun.valid_from) from ${endpointPrices} as begun
              where begun.endpoint_id = ${endpoints.id} and begun.valid_from <= now()), '-infinity')`,
      ),
    )
    .orderBy(asc(endpoints.modelSlug), asc(endpoints.providerSlug), asc(endpointPrices.validFrom));
  const found = new Map<string, { endpoint: EndpointRow; prices: PriceRow[] }>();
  for (const { endpoints: endpoint, endpoint_prices: price } of rows) {
    const known = found.get(endpoint.id) ?? { endpoint, prices: [] };
    known.prices.push(price);
    found.set(endpoint.id, known);
  }
  return [...found.values()];
}

/** The endpoint, locked until the end of the transaction, so that two prices are not decided on at once. */
export async function lockEndpoint(tx: Database, id: string): Promise<EndpointRow | undefined> {
  const [row] = await tx.select().from(endpoints).where(eq(endpoints.id, id)).for("no key update");
  return row;
}

/** The price in force. */
export async function findPrice(tx: Database, endpointId: string): Promise<PriceRow | undefined> {
  const [row] = await tx
    .select()
    .from(endpointPrices)
    .where(and(eq(endpointPrices.endpointId, endpointId), sql`${endpointPrices.validFrom} <= clock_timestamp()`))
    .orderBy(desc(endpointPrices.validFrom))
    .limit(1);
  return row;
}

/** From a moment on, or from now. Undefined when the endpoint has a price that begins then. */
export async function insertPrice(tx: Database, endpointId: string, price: NewPrice, from: Date | null) {
  const validFrom = from ?? (sql`clock_timestamp()` as unknown as Date);
  const [row] = await tx
    .insert(endpointPrices)
    .values({ ...price, endpointId, validFrom })
    .onConflictDoNothing()
    .returning();
  return row;
}
