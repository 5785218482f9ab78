import type postgres from "postgres";
import { LIMITS } from "./limits";

/**
 * Through a pooler no connection can bring its own limits, so they are made the app's role's, in this database alone. What
 * the owner of another role may not set is left out: the app gives up on its side a second later.
 *
 * @returns whether they are set
 */
export async function limitAppRole(sql: postgres.Sql, appUrl: string): Promise<boolean> {
  const named = decodeURIComponent(new URL(appUrl).username);
  const [row] = await sql<{ role: string; database: string }[]>`
    select coalesce((select rolname from pg_roles where rolname = ${named}), current_user) as role, current_database() as database`;
  if (!row) return false;
  try {
    for (const [name, milliseconds] of Object.entries(LIMITS))
      await sql`alter role ${sql(row.role)} in database ${sql(row.database)} set ${sql(name)} = ${sql.unsafe(String(milliseconds))}`;
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code !== "42501") throw error;
    return false;
  }
}
