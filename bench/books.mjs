// @ts-check
import { setTimeout as delay } from "node:timers/promises";
import postgres from "postgres";

/** @typedef {{ completed: number, others: number, outputTokens: number, charged: string, openHolds: number }} Books */

const SETTLE_WAIT_MS = 15_000;

/**
 * What the gateway's database says of the whole run, read when no request is open any more.
 * @param {string} databaseUrl
 * @returns {Promise<Books>}
 */
export async function readBooks(databaseUrl) {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    const openHolds = await waitForHolds(sql);
    const [row] = await sql`
      select count(*) filter (where outcome = 'completed')::int as completed,
        count(*) filter (where outcome <> 'completed')::int as others,
        coalesce(sum(output_tokens) filter (where outcome = 'completed'), 0)::float8 as "outputTokens",
        round(coalesce(sum(cost_nano), 0) / 1e9, 6)::text as charged
      from generations`;
    return { .../** @type {Omit<Books, "openHolds">} */ (row), openHolds };
  } finally {
    await sql.end();
  }
}

/** @param {postgres.Sql} sql */
async function waitForHolds(sql) {
  const deadline = performance.now() + SETTLE_WAIT_MS;
  for (;;) {
    const [row] = await sql`select count(*)::int as open from holds where status = 'open'`;
    if (row?.open === 0 || performance.now() > deadline) return Number(row?.open);
    await delay(100);
  }
}

/**
 * What the books lack, in words. A figure counts only when the money behind it was counted.
 * @param {Books} books
 * @param {{ requests: number, tokens: number, errors: number }} tally what was sent to the gateway and came back right
 */
export function booksFaults(books, { requests, tokens, errors }) {
  const faults = [];
  const settled = books.completed + books.others;
  if (books.openHolds > 0) faults.push(`${books.openHolds} holds were never settled`);
  if (settled !== requests) faults.push(`${settled} generations were settled for ${requests} requests`);
  if (errors === 0 && books.outputTokens !== tokens) {
    faults.push(`${books.outputTokens} output tokens were billed where ${tokens} were received`);
  }
  return faults;
}
