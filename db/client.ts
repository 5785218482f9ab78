import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { processWide } from "@/lib/process-wide";
import { connectionUrl, isPooled } from "./connection-url";
import { dense, denseClient } from "./dense-rows";
import { isConnectionLoss } from "./failure";
import { LIMITS } from "./limits";
import * as schema from "./schema";

/** The server ends a statement after 5 s; a server that no longer answers at all is given up a second later. */
const DEADLINE_MS = LIMITS.statement_timeout + 1_000;

type Pool = { sql: postgres.Sql };

type Place = { url: string; pooled: boolean };

/** Where everything goes that is short; through a pooler, if there is one. */
const usualPlace = (): Place => {
  const { DATABASE_URL: url, DATABASE_URL_UNPOOLED: direct } = env();
  return { url, pooled: isPooled(url, direct) };
};

/** Where a connection has limits of its own. */
const directPlace = (): Place => {
  const usual = usualPlace();
  return usual.pooled ? { url: env().DATABASE_URL_UNPOOLED ?? usual.url, pooled: false } : usual;
};

/** A pooler takes neither settings nor prepared statements: the role has its limits there (`role-limits.ts`). */
function connect(
  size: number,
  { url, pooled }: Place = usualPlace(),
  limits: { statement_timeout?: number } = {},
): postgres.Sql {
  return postgres(connectionUrl(url), {
    max: size,
    idle_timeout: 300,
    max_lifetime: 1_800,
    connect_timeout: 5,
    // Seconds between tries: the driver's own grow to twenty, which is long after the server is back.
    backoff: () => 0.2 + Math.random() * 0.3,
    onnotice: () => {},
    prepare: !pooled,
    connection: { application_name: "openrouter-self-hosted", ...(pooled ? {} : { ...LIMITS, ...limits }) },
  });
}

const poolSize = () => env().DATABASE_POOL_SIZE ?? 10;

/** Money has connections of its own: a slow page cannot keep a request from being admitted or settled. */
const moneyPool = (): Pool => processWide("money-pool", () => ({ sql: connect(poolSize()) }));
const pagePool = (): Pool => processWide("page-pool", () => ({ sql: connect(poolSize()) }));

/**
 * Runs one statement of the request path, with a deadline on this side too: a frozen server or a dead network would
 * otherwise keep it pending for ever. Whoever passes the deadline takes the pool's connections with him, since none of
 * them can be trusted; the driver makes new ones.
 *
 * @throws AppError `service_unavailable` at the deadline, and with its cause where the connection is lost; the driver's
 * error otherwise.
 */
export function moneyStatement<T extends readonly object[]>(
  build: (sql: postgres.Sql) => postgres.PendingQuery<T & postgres.Row[]>,
): Promise<T> {
  const pool = moneyPool();
  const query = withDeadline(pool, poolSize(), dense(build(pool.sql))) as unknown as Promise<T>;
  return query.catch((error) => {
    throw isConnectionLoss(error) ? away(error) : error;
  });
}

const away = (cause?: unknown) =>
  new AppError("service_unavailable", "The database does not answer. Try again in a moment.", { retryAfter: 5, cause });

function withDeadline<T extends Promise<unknown>>(pool: Pool, size: number, query: T): T {
  const timer = setTimeout(() => {
    const reject = (query as unknown as { reject?: (error: Error) => void }).reject;
    reject?.(away());
    replace(pool, size);
  }, DEADLINE_MS);
  const done = () => clearTimeout(timer);
  query.then(done, done);
  return query;
}

function replace(pool: Pool, size: number) {
  const stale = pool.sql;
  pool.sql = connect(size);
  log().error("a statement passed its deadline: all connections are replaced");
  stale.end({ timeout: 0 }).catch(() => {});
}

/** Drizzle on the pages' pool: reads, and writes that no request waits for. */
export function db() {
  const pool = pagePool();
  if (made?.sql !== pool.sql) made = { sql: pool.sql, drizzle: drizzle(denseClient(pool.sql), { schema }) };
  return made.drizzle;
}

/** A transaction is one too. */
export type Database = PostgresJsDatabase<typeof schema>;

let made: { sql: postgres.Sql; drizzle: Database } | undefined;

/**
 * For what may take its time and no request waits for: a connection of its own, that is given up when the time is over.
 * The server ends the statement then; where it no longer answers, the connection is cut a second later.
 */
export async function unhurried<T>(work: (database: Database) => Promise<T>, mostMs: number): Promise<T> {
  const sql = connect(1, directPlace(), { statement_timeout: mostMs });
  const timer = setTimeout(() => void sql.end({ timeout: 0 }).catch(() => {}), mostMs + 1_000).unref();
  try {
    return await work(drizzle(denseClient(sql), { schema }));
  } finally {
    clearTimeout(timer);
    void sql.end({ timeout: 1 }).catch(() => {});
  }
}

/** Whether the database answers within a second. */
export async function databaseAnswers(): Promise<boolean> {
  const answer = pagePool().sql`select 1`;
  const late = new Promise<false>((resolve) => setTimeout(resolve, 1_000, false).unref());
  return Promise.race([answer.then(() => true), late]).catch(() => false);
}

/** Ends both pools, after what is under way or after 5 s. */
export async function closeDatabase() {
  await Promise.all([moneyPool().sql.end({ timeout: 5 }), pagePool().sql.end({ timeout: 5 })]);
}
