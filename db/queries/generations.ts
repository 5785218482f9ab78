import { and, eq, sql } from "drizzle-orm";
import type { Database } from "../client";
import { endpointPrices, generations, holds } from "../schema";

const DAY_MS = 86_400_000;

/**
 * One generation of an account's, with the price it was billed with and the hold it came from; undefined when the account
 * has none of this id. The id carries its second, so that one month's part of the log is looked into, or two.
 */
export async function findGeneration(db: Database, accountId: string, id: string) {
  const seconds = Number(/^gen-(\d{10})-[A-Za-z0-9]{20}$/.exec(id)?.[1]);
  if (!Number.isFinite(seconds)) return undefined;
  const about = (offset: number) => new Date(seconds * 1000 + offset).toISOString();
  const [row] = await db
    .select({ generation: generations, price: endpointPrices, heldNano: holds.amountNano })
    .from(generations)
    .leftJoin(endpointPrices, eq(endpointPrices.id, generations.priceId))
    .leftJoin(holds, eq(holds.id, generations.id))
    .where(
      and(
        eq(generations.id, id),
        eq(generations.accountId, accountId),
        sql`${generations.createdAt} between ${about(-DAY_MS)} and ${about(DAY_MS)}`,
      ),
    );
  return row;
}
