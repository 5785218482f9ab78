import type postgres from "postgres";

/** What is written once. Triggers refuse changes too, for the owner as well; the missing right is the first lock. */
const APPEND_ONLY = ["ledger", "audit_log"];

/**
 * Where the app connects as another role than the one that owns the tables, gives that role what the app needs and no
 * more: rows of every table, but of those that are append-only only new ones, and no say over tables or functions.
 *
 * The money functions run with the caller's rights. Running them with the owner's would let the app's role do without
 * writing balances itself, but whoever has that role may call `credit` in either case, and a function that runs as the
 * owner is one more thing to get wrong.
 */
export async function grantToAppRole(sql: postgres.Sql, appUrl: string): Promise<void> {
  const role = decodeURIComponent(new URL(appUrl).username);
  // A pooler may have names of its own for the same role.
  const [other] = await sql`select 1 from pg_roles where rolname = ${role} and rolname <> current_user`;
  if (!other) return;
  const app = sql(role);
  const appendOnly = sql(APPEND_ONLY);
  await sql.begin(async (tx) => {
    await tx`grant usage on schema public to ${app}`;
    await tx`grant select, insert, update, delete on all tables in schema public to ${app}`;
    await tx`grant usage on all sequences in schema public to ${app}`;
    await tx`revoke update, delete, truncate on ${appendOnly} from ${app}`;
    await tx`grant usage on schema drizzle to ${app}`;
    await tx`grant select on all tables in schema drizzle to ${app}`;
  });
}
