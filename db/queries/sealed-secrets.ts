import { sql } from "drizzle-orm";
import type { Database } from "../client";

/** One sealed value, and the owner that it is bound to. */
export type SealedSecret = { place: keyof typeof PLACES; id: string; owner: string; sealed: string };

/** Every column that holds a sealed value: what names its row, and what it is bound to. */
const PLACES = {
  providers: { table: "providers", column: "sealed_api_key", id: "slug", owner: "'providers.' || slug" },
  byok_keys: {
    table: "byok_keys",
    column: "sealed_key",
    id: "id",
    owner: "'byok_keys.' || account_id || '.' || id",
  },
  authenticators: {
    table: "authenticators",
    column: "sealed_secret",
    id: "user_id",
    owner: "'authenticators.sealed_secret.' || user_id",
  },
} as const;

export async function listSealedSecrets(db: Database): Promise<SealedSecret[]> {
  const lists = await Promise.all(
    Object.entries(PLACES).map(async ([place, { table, column, id, owner }]) => {
      const rows = await db.execute<{ id: string; owner: string; sealed: string }>(
        sql.raw(
          `select ${id}::text as id, ${owner} as owner, ${column} as sealed from ${table} where ${column} is not null`,
        ),
      );
      return [...rows].map((row) => ({ ...row, place: place as SealedSecret["place"] }));
    }),
  );
  return lists.flat();
}

/** Writes it if the row still holds what was read; whoever changed it meanwhile has sealed it anew himself. */
export async function updateSealedSecret(
  db: Database,
  { place, id, sealed }: SealedSecret,
  now: string,
): Promise<void> {
  const { table, column, id: key } = PLACES[place];
  await db.execute(
    sql`update ${sql.raw(table)} set ${sql.raw(column)} = ${now} where ${sql.raw(key)}::text = ${id} and ${sql.raw(column)} = ${sealed}`,
  );
}
