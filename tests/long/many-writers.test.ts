import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { creditAccount, findDrift, insertUser } from "@/db/queries/accounts";
import { expireHolds, openHolds, settleHolds } from "@/db/queries/holds";
import { reconcile } from "@/db/queries/reconciliation";
import { retrying } from "@/db/retrying";
import { mintKey } from "@/lib/keys/manage";
import { useFreshDatabase } from "../database";

let sql: postgres.Sql;

beforeAll(async () => {
  sql = postgres(await useFreshDatabase(), { max: 3, onnotice: () => {} });
  process.env.DATABASE_POOL_SIZE = "40";
});

afterAll(async () => {
  expect(await findDrift(db())).toEqual({ accounts: [], keys: [], usage: [], overdueHolds: [] });
  await sql.end();
  await closeDatabase();
});

async function payer(key: { limit?: bigint; reset?: "daily" } = {}) {
  const user = await insertUser({ email: `${randomUUID()}@test`, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  const { accountId } = user;
  await creditAccount(accountId, { amount: 1_000_000_000n, kind: "topup", source: "test", sourceId: accountId });
  const { row } = await mintKey({ accountId, name: "test", ...key });
  return { accountId, keyId: row.id };
}

const open = async ({ accountId, keyId }: Awaited<ReturnType<typeof payer>>, id: string, most = 1_000n) =>
  (await retrying(() => openHolds([{ id, accountId, keyId, most, least: most, progress: {} }])))[0];
const settle = (id: string, costNano: bigint) =>
  retrying(() =>
    settleHolds([
      { id, costNano, upstreamCostNano: costNano, requestedModel: "a/b", modelSlug: "a/b", outcome: "completed" },
    ]),
  );

test("while 64 writers hold, settle and expire, 200 snapshots of the books find no difference", async () => {
  const payers = await Promise.all([payer(), payer({ limit: 1_000_000_000n, reset: "daily" }), payer(), payer()]);
  let done = false;
  let operations = 0;
  const writer = async (name: number) => {
    for (let step = 0; !done; step++) {
      const id = `w-${name}-${step}`;
      await open(payers[(name + step) % payers.length] as Awaited<ReturnType<typeof payer>>, id);
      if (step % 10 === 0) {
        await sql`update holds set expires_at = now() - interval '1 second' where id = ${id}`;
        await expireHolds(10);
      }
      await settle(id, BigInt(step % 1_200));
      operations += 2;
    }
  };
  const writers = Array.from({ length: 64 }, (_, name) => writer(name));
  let bad = 0;
  for (let snapshot = 0; snapshot < 200; snapshot++) {
    const [row] = await sql`
      select (select count(*) from account_drift) + (select count(*) from key_drift) + (select count(*) from usage_drift) as rows`;
    if (row?.rows !== "0") bad++;
    if (snapshot % 20 === 0) bad += (await reconcile(db(), "0 seconds"))?.differences.length ?? 0;
  }
  done = true;
  await Promise.all(writers);
  console.log(`64 writers: ${operations} operations, 200 snapshots, ${bad} bad`);
  expect(bad).toBe(0);
});

test("200 streams that cross midnight count in the day they began in, and the new day's limit is whole and no more", async () => {
  const payers = await payer({ limit: 200_000n, reset: "daily" });
  const { keyId } = payers;
  const old = Array.from({ length: 200 }, (_, index) => `old-${index}`);
  for (const id of old) expect(await open(payers, id)).toMatchObject({ outcome: "ok" });
  expect(await open(payers, "old-201", 1n)).toMatchObject({ outcome: "key_limit" });
  // The night passes: everything that is there is a day older.
  await sql`update holds set created_at = created_at - interval '1 day' where key_id = ${keyId}`;
  await sql`update api_keys set window_start = window_start - interval '1 day' where id = ${keyId}`;
  const asked = Array.from({ length: 300 }, (_, index) => `new-${index}`);
  const answers = new Map<string, string | undefined>();
  const again = async (id: string) => {
    // What still runs from yesterday is reserved on the key until it ends; so the refused ask again once all have ended.
    answers.set(id, (await open(payers, id))?.outcome);
  };
  await Promise.all([...old.map((id) => settle(id, 900n)), ...asked.map(again)]);
  for (const id of asked) if (answers.get(id) === "key_limit") await again(id);
  const admitted = [...answers.values()].filter((outcome) => outcome === "ok").length;
  const [key] = await sql`select spent_nano, held_nano from api_keys where id = ${keyId}`;
  console.log(`200 streams over midnight: ${admitted} of 300 admitted for a limit of 200, key ${JSON.stringify(key)}`);
  expect(admitted).toBe(200);
  expect(key).toEqual({ spent_nano: "0", held_nano: "200000" });
  await Promise.all(asked.filter((id) => answers.get(id) === "ok").map((id) => settle(id, 1_000n)));
  expect((await sql`select spent_nano, held_nano from api_keys where id = ${keyId}`)[0]).toEqual({
    spent_nano: "200000",
    held_nano: "0",
  });
});
