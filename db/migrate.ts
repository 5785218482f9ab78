import { readMigrationFiles } from "drizzle-orm/migrator";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import { grantToAppRole } from "./app-role";
import { connectionUrl, isPooled } from "./connection-url";
import { NO_LIMITS } from "./limits";
import { limitAppRole } from "./role-limits";
import { seedCatalogue } from "./seed";

const MIGRATIONS = { migrationsFolder: "db/migrations" };
const LOCK = 7_203_541;

/**
 * Brings the schema to the newest form and lays the shipped catalogue in. Any number of processes may call it at once: one works, the others wait for it.
 * The URL must be a direct one, since the lock belongs to a session. Where the app's own URL names another role, that one
 * is given its rights.
 */
export async function migrateDatabase(url: string, appUrl = url): Promise<void> {
  const sql = connectDirectly(url);
  try {
    await sql`select pg_advisory_lock(${LOCK})`;
    await refuseForeignSchema(sql);
    await migrate(drizzle(sql), MIGRATIONS).catch((error) => {
      // Drizzle's own message is the whole migration.
      throw new Error(`A migration failed, and nothing of it stays: ${error.cause?.message ?? error.message}`, {
        cause: error.cause,
      });
    });
    await sql`select generations_make_partitions(3)`;
    await seedCatalogue(sql);
    await grantToAppRole(sql, appUrl);
    if (isPooled(appUrl, url)) await limitAppRole(sql, appUrl);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** The months that the log needs next, made ahead of their time; those that are there stay as they are. */
export async function makeMonths(url: string): Promise<void> {
  const sql = connectDirectly(url);
  try {
    await sql`select generations_make_partitions(3)`;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

const connectDirectly = (url: string) =>
  postgres(connectionUrl(url), { max: 1, onnotice: () => {}, connect_timeout: 10, connection: NO_LIMITS });

/** @throws Error when the schema is not exactly the one this code was written for. */
export async function checkSchema(url: string): Promise<void> {
  const sql = connectDirectly(url);
  try {
    const missing = await refuseForeignSchema(sql);
    if (missing > 0)
      throw new Error(
        `The database lacks ${missing} migration(s): run \`npm run db:migrate\` before starting the server.`,
      );
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** How many migrations are still to run; those that did run must be ours, whole and in order. */
async function refuseForeignSchema(sql: postgres.Sql): Promise<number> {
  const known = readMigrationFiles(MIGRATIONS);
  const [table] = await sql`select to_regclass('drizzle.__drizzle_migrations') as name`;
  const applied = table?.name ? await sql`select hash from drizzle.__drizzle_migrations order by created_at, id` : [];
  applied.forEach(({ hash }, index) => {
    if (known[index]?.hash !== hash)
      throw new Error(
        `Migration ${index + 1} of the database is not the one this version has. The database was made by another version, or a migration was edited; the server does not start on it.`,
      );
  });
  return known.length - applied.length;
}
