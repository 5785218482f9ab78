import type postgres from "postgres";

type Pending = { resolve: (rows: unknown[]) => void };

/**
 * Takes out the holes that postgres.js 3.4.9 leaves in a result: when a statement breaks off after its first rows, by an
 * error or with its connection, the driver goes on counting, and the next statement's rows begin after as many empty
 * places. The first row would then be missing: a key unknown, a hold not answered for.
 */
export function dense<Query extends object>(query: Query): Query {
  const pending = query as unknown as Pending;
  const { resolve } = pending;
  pending.resolve = (rows) => {
    if (Array.isArray(rows) && rows.length > 0 && !(0 in rows)) {
      const kept = rows.filter(() => true);
      rows.length = 0;
      rows.push(...kept);
    }
    resolve(rows);
  };
  return query;
}

/** The same for every statement that Drizzle sends. */
export const denseClient = (sql: postgres.Sql): postgres.Sql =>
  new Proxy(sql, {
    get: (target, name) =>
      name === "unsafe"
        ? (...args: Parameters<typeof sql.unsafe>) => dense(target.unsafe(...args))
        : Reflect.get(target, name),
  });
