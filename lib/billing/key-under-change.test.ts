import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { closeDatabase, db, moneyStatement } from "@/db/client";
import { creditAccount, findAccount, findDrift, insertUser } from "@/db/queries/accounts";
import { setApiKeyLimit } from "@/db/queries/api-keys";
import { expireHolds, settleHolds } from "@/db/queries/holds";
import { mintKey } from "@/lib/keys/manage";
import { useFreshDatabase } from "@/tests/database";
import { openHold } from "./holds";
import { settle, settled } from "./settle";

/** Somebody else's session, in which a statement can be under way for as long as a test wants it to be. */
let other: postgres.Sql;

beforeAll(async () => {
  const url = await useFreshDatabase();
  other = postgres(url, { max: 1, onnotice: () => {} });
  // Ties are noticed sooner than after Postgres' second. Only of sessions that begin from now on.
  await other.unsafe(`alter database "${new URL(url).pathname.slice(1)}" set deadlock_timeout = '100ms'`);
});

afterEach(async () => {
  await settled();
  const [wrong] = await moneyStatement((sql) => sql`select count(*)::int as keys from key_spent_drift`);
  expect(wrong).toEqual({ keys: 0 });
  expect(await findDrift(db())).toEqual({ accounts: [], keys: [], usage: [], overdueHolds: [] });
});

afterAll(async () => {
  await other.end();
  await closeDatabase();
});

async function payer(limit: bigint | null = null) {
  const user = await insertUser({ email: `${randomUUID()}@test`, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  const { accountId } = user;
  await creditAccount(accountId, { amount: 10_000n, kind: "topup", source: "test", sourceId: accountId });
  const { row } = await mintKey({ accountId, name: "test", limit });
  const ask = (most = 1_000n) => ({
    id: randomUUID(),
    accountId,
    keyId: row.id,
    most,
    least: most,
    progress: { requestedModel: "a/b", modelSlug: "a/b" },
  });
  const key = async () => {
    const [found] = await moneyStatement<{ spent: string; held: string }[]>(
      (sql) => sql`select spent_nano as spent, held_nano as held from api_keys where id = ${row.id}`,
    );
    return found;
  };
  return { accountId, keyId: row.id, ask, key };
}

const bill = (id: string, costNano: bigint) => ({
  id,
  costNano,
  upstreamCostNano: costNano,
  requestedModel: "a/b",
  modelSlug: "a/b",
  outcome: "completed" as const,
});

const end = (id: string) =>
  moneyStatement((sql) => sql`update holds set expires_at = now() - interval '1 second' where id = ${id}`);

const setLimit = (sql: postgres.TransactionSql, keyId: string, limit: number) =>
  sql`select key_set_limit(${keyId}, ${JSON.stringify({ limit: String(limit) })}::text::jsonb)`;

test("while one key's limit is being set, whoever asks at once with other keys is admitted and settled, and its own request after it", async () => {
  const changed = await payer();
  const before = changed.ask();
  await openHold(before);
  const others = await Promise.all(Array.from({ length: 40 }, (_, index) => payer(index % 2 ? 5_000n : null)));
  const order: string[] = [];
  let own: Promise<unknown> | undefined;
  await other.begin(async (sql) => {
    await setLimit(sql, changed.keyId, 3_000);
    // In one turn of the event loop, and so in one statement.
    own = openHold(changed.ask()).then(({ outcome }) => order.push(`its own: ${outcome}`));
    const asked = others.map(({ ask }) => ask());
    const answers = await Promise.all(asked.map(openHold));
    expect(answers.map(({ outcome }) => outcome)).toEqual(Array(40).fill("ok"));
    settle(bill(before.id, 700n));
    for (const { id } of asked) settle(bill(id, 500n));
    const balances = () => Promise.all(others.map(({ accountId }) => findAccount(db(), accountId)));
    await expect
      .poll(async () => (await balances()).every((account) => account?.postedNano === 9_500n), { timeout: 20_000 })
      .toBe(true);
    expect(await findAccount(db(), changed.accountId)).toMatchObject({ postedNano: 10_000n });
    order.push("the limit is set");
  });
  await own;
  await settled();
  expect(order).toEqual(["the limit is set", "its own: ok"]);
  expect(await changed.key()).toEqual({ spent: "700", held: "1000" });
  expect(await openHold(changed.ask(1_400n))).toMatchObject({ outcome: "key_limit", room: 1_300n });
});

test("a late settlement and a limit that is being set do not miss one another, whichever comes first", async () => {
  for (const first of ["the limit", "the settlement"]) {
    const { accountId, keyId, ask, key } = await payer();
    const late = ask();
    await openHold(late);
    await end(late.id);
    expect(await expireHolds(10, accountId)).toBe(1);
    if (first === "the limit") {
      await other.begin(async (sql) => {
        await setLimit(sql, keyId, 5_000);
        expect(await settleHolds([bill(late.id, 600n)])).toEqual([{ hold_id: late.id, outcome: "busy" }]);
      });
      expect(await settleHolds([bill(late.id, 600n)])).toMatchObject([{ outcome: "late" }]);
    } else {
      let set: Promise<void> | undefined;
      await other.begin(async (sql) => {
        const items = JSON.stringify([
          { id: late.id, cost_nano: 600, requested_model: "a/b", model_slug: "a/b", outcome: "completed" },
        ]);
        await sql`select * from holds_settle(${items}::text::jsonb)`;
        set = setApiKeyLimit(keyId, { limit: 5_000n });
        await sleep(300);
      });
      await set;
    }
    expect(await key()).toEqual({ spent: "600", held: "0" });
  }
});

test("what expires on a key whose limit is being set expires after it, and the rest at once", async () => {
  const changed = await payer();
  const [mine, theirs] = [changed.ask(), (await payer()).ask()];
  await openHold(mine);
  await openHold(theirs);
  await other.begin(async (sql) => {
    // The key alone, as it is when the hold was opened while the limit's setting waited for it.
    await sql`select 1 from api_keys where id = ${changed.keyId} for update`;
    await Promise.all([end(mine.id), end(theirs.id)]);
    expect(await expireHolds(10)).toBe(1);
    expect(await findAccount(db(), theirs.accountId)).toMatchObject({ heldNano: 0n });
  });
  expect(await expireHolds(10)).toBe(1);
});

test("setting a limit that Postgres ends to break a tie is tried again", async () => {
  const { keyId, ask, key } = await payer();
  const open = ask();
  await openHold(open);
  let set: Promise<void> | undefined;
  await other.begin(async (sql) => {
    await sql`set local deadlock_timeout = '10s'`;
    await sql`select 1 from api_keys where id = ${keyId} for update`;
    set = setApiKeyLimit(keyId, { limit: 5_000n });
    const waits = async () =>
      (await moneyStatement((sql) => sql`select 1 from pg_stat_activity where wait_event_type = 'Lock'`)).length;
    await expect.poll(waits).toBe(1);
    // It has the hold and waits for the key; now the other way round.
    await sql`select 1 from holds where id = ${open.id} for update`;
  });
  await set;
  expect(await key()).toEqual({ spent: "0", held: "1000" });
});
