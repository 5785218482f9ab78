import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db, moneyStatement } from "@/db/client";
import { creditAccount, findDrift, insertUser } from "@/db/queries/accounts";
import { assignGuardrail, insertGuardrail, unassignGuardrail, updateGuardrail } from "@/db/queries/guardrails";
import { beatHolds, expireHolds, type GenerationRow, openHolds, settleHolds } from "@/db/queries/holds";
import { useFreshDatabase } from "@/tests/database";
import { mintKey } from "../keys/manage";
import { openHold } from "./holds";

beforeAll(() => useFreshDatabase());
afterAll(async () => {
  expect(await findDrift(db())).toEqual({ accounts: [], keys: [], usage: [], overdueHolds: [] });
  await closeDatabase();
});

type Budget = { limitNano?: bigint | null; reset?: "none" | "daily"; countsByok?: boolean };

/** An account of a dollar, and a key with a guardrail of this budget. */
async function guarded(budget: Budget, key: Partial<Parameters<typeof mintKey>[0]> = {}) {
  const user = await insertUser({ email: `${randomUUID()}@test`, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  const { accountId, id: sourceId } = user;
  await creditAccount(accountId, { amount: 1_000_000_000n, kind: "adjustment", source: "test", sourceId });
  const guardrail = await insertGuardrail(db(), { accountId, name: "test", ...budget }, 100);
  if (!guardrail) throw new Error("no guardrail");
  const more = async () => {
    const { row } = await mintKey({ accountId, name: "test", ...key });
    expect(await assignGuardrail(accountId, guardrail.id, [row.hash])).toBe(1);
    const ask = (most: bigint, least = most, withByok?: { most: bigint; least: bigint }) => ({
      ...{ id: randomUUID() as string, accountId, keyId: row.id, most, least, withByok },
      progress: { requestedModel: "a/b", modelSlug: "a/b" },
    });
    return { keyId: row.id, hash: row.hash, ask };
  };
  return { accountId, guardrailId: guardrail.id, more, ...(await more()) };
}

const bill = (id: string, costNano: bigint, byokUsageNano = 0n): GenerationRow => ({
  ...{ id, costNano, byokUsageNano, upstreamCostNano: costNano, requestedModel: "a/b", modelSlug: "a/b" },
  outcome: "completed",
});

const budgetOf = async (keyId: string) => {
  const [row] = await moneyStatement<{ spent: string; held: string }[]>(
    (sql) => sql`select spent_nano as spent, held_nano as held from guardrail_keys where key_id = ${keyId}`,
  );
  return { spent: BigInt(row?.spent ?? -1), held: BigInt(row?.held ?? -1) };
};
const yesterday = (keyId: string) =>
  moneyStatement(
    (sql) => sql`
      with held as (update holds set created_at = created_at - interval '1 day' where key_id = ${keyId}),
           logged as (update generations set created_at = created_at - interval '1 day' where key_id = ${keyId})
      update guardrail_keys set window_start = window_start - interval '1 day' where key_id = ${keyId}`,
  );
const age = (id: string) =>
  moneyStatement((sql) => sql`update holds set expires_at = now() - interval '1 s' where id = ${id}`);

test("500 parallel requests on a budget for 40 and a half admit exactly 40, and spend no nano-dollar more", async () => {
  const { keyId, ask } = await guarded({ limitNano: 40_999n, reset: "daily" });
  const asked = Array.from({ length: 500 }, () => ask(1_000n));
  const answers = await Promise.all(asked.map(openHold));
  const admitted = asked.filter((_, index) => answers[index]?.outcome === "ok");
  expect(admitted).toHaveLength(40);
  expect(answers.filter(({ outcome }) => outcome === "budget")).toHaveLength(460);
  expect(await budgetOf(keyId)).toEqual({ spent: 0n, held: 40_000n });
  expect(await openHold(ask(2_000n, 1n))).toMatchObject({ outcome: "ok", granted: 999n });
  await settleHolds(admitted.map(({ id }) => bill(id, 5_000n)));
  expect(await budgetOf(keyId)).toEqual({ spent: 40_000n, held: 999n });
});

test("the same through separate statements, each its own", async () => {
  const { keyId, ask } = await guarded({ limitNano: 10_000n });
  const answers = await Promise.all(Array.from({ length: 500 }, () => openHolds([ask(1_000n)])));
  expect(answers.flat().filter(({ outcome }) => outcome === "ok")).toHaveLength(10);
  expect((await budgetOf(keyId)).held).toBe(10_000n);
});

test("each key of a guardrail has the budget for itself", async () => {
  const { ask, more } = await guarded({ limitNano: 1_000n });
  const other = await more();
  expect(await openHold(ask(1_000n))).toMatchObject({ outcome: "ok" });
  expect(await openHold(ask(1n))).toMatchObject({ outcome: "budget", room: 0n });
  expect(await openHold(other.ask(1_000n))).toMatchObject({ outcome: "ok" });
});

test("of the key's limit and the guardrail's budget the one with less room decides", async () => {
  const tight = await guarded({ limitNano: 300n }, { limit: 500n });
  expect(await openHold(tight.ask(400n))).toMatchObject({ outcome: "budget", room: 300n });
  expect(await openHold(tight.ask(400n, 1n))).toMatchObject({ outcome: "ok", granted: 300n });
  const wide = await guarded({ limitNano: 500n }, { limit: 300n });
  expect(await openHold(wide.ask(400n))).toMatchObject({ outcome: "key_limit", room: 300n });
  expect(await openHold(wide.ask(600n))).toMatchObject({ outcome: "key_limit" });
});

test("what was spent yesterday does not count in a daily budget, and a refusal says when it begins anew", async () => {
  const { keyId, ask } = await guarded({ limitNano: 1_000n, reset: "daily" });
  const request = ask(1_000n);
  await openHold(request);
  await settleHolds([bill(request.id, 1_000n)]);
  const refused = await openHold(ask(1n));
  const midnight = new Date();
  midnight.setUTCHours(24, 0, 0, 0);
  expect(refused).toEqual({ outcome: "budget", room: 0n, resetsAt: midnight });
  await yesterday(keyId);
  expect(await openHold(ask(1_000n))).toMatchObject({ outcome: "ok" });
  expect(await budgetOf(keyId)).toEqual({ spent: 0n, held: 1_000n });
});

test("a budget that is set, changed or taken away while requests run counts what runs and what was spent", async () => {
  const { accountId, guardrailId, keyId, hash, ask } = await guarded({ limitNano: null });
  const [spent, running, later] = [ask(100n), ask(200n), ask(400n)];
  await Promise.all([spent, running].map(openHold));
  await settleHolds([bill(spent.id, 70n)]);
  expect(await budgetOf(keyId)).toEqual({ spent: 0n, held: 0n });
  expect(await updateGuardrail(accountId, guardrailId, { limitNano: 300n })).toBe(true);
  expect(await budgetOf(keyId)).toEqual({ spent: 70n, held: 200n });
  expect(await openHold(ask(31n))).toMatchObject({ outcome: "budget", room: 30n });
  await updateGuardrail(accountId, guardrailId, { limitNano: null });
  await openHold(later);
  await settleHolds([bill(running.id, 150n)]);
  await updateGuardrail(accountId, guardrailId, { limitNano: 1_000n });
  expect(await budgetOf(keyId)).toEqual({ spent: 220n, held: 400n });
  expect(await unassignGuardrail(accountId, guardrailId, [hash])).toBe(1);
  await settleHolds([bill(later.id, 400n)]);
  expect(await openHold(ask(10_000n))).toMatchObject({ outcome: "ok" });
});

test("a hold whose process died counts in the budget with its checkpoint, and late with the rest, as far as there is room", async () => {
  const { accountId, keyId, ask } = await guarded({ limitNano: 1_000n });
  const request = ask(400n);
  await openHold(request);
  await beatHolds([{ id: request.id, checkpoint: 150n, progress: request.progress }]);
  await age(request.id);
  expect(await expireHolds(10, accountId)).toBe(1);
  expect(await budgetOf(keyId)).toEqual({ spent: 150n, held: 0n });
  expect(await openHold(ask(800n))).toMatchObject({ outcome: "ok" });
  expect(await settleHolds([bill(request.id, 380n)])).toMatchObject([{ outcome: "late" }]);
  // 50 were left.
  expect(await budgetOf(keyId)).toEqual({ spent: 200n, held: 800n });
});

test("what the caller's own provider charges counts where the guardrail says so", async () => {
  const counting = await guarded({ limitNano: 1_000n, countsByok: true });
  const request = counting.ask(50n, 50n, { most: 900n, least: 900n });
  expect(await openHold(request)).toMatchObject({ outcome: "ok", granted: 50n, grantedWithByok: 900n });
  expect(await openHold(counting.ask(50n, 50n, { most: 101n, least: 101n }))).toMatchObject({
    outcome: "budget",
    room: 100n,
  });
  expect(await openHold(counting.ask(10n, 10n, { most: 500n, least: 20n }))).toMatchObject({ grantedWithByok: 100n });
  await settleHolds([bill(request.id, 40n, 700n)]);
  expect(await budgetOf(counting.keyId)).toEqual({ spent: 740n, held: 100n });
  const other = await guarded({ limitNano: 1_000n });
  expect(await openHold(other.ask(50n, 50n, { most: 9_000n, least: 9_000n }))).toMatchObject({ outcome: "ok" });
  expect(await budgetOf(other.keyId)).toEqual({ spent: 0n, held: 50n });
});

test("budgets that change while hundreds of requests come and go end in books that agree", async () => {
  const { accountId, guardrailId, keyId, hash, ask } = await guarded({ limitNano: 50_000n });
  const requests = Array.from({ length: 300 }, async (_, n) => {
    const request = ask(1_000n, 1n);
    const { outcome } = await openHold(request);
    if (outcome === "ok") await settleUntilDone(bill(request.id, BigInt(n % 7) * 100n));
  });
  const changes = [40_000n, null, 30_000n, 60_000n].map(async (limitNano, n) => {
    await new Promise((resolve) => setTimeout(resolve, n * 20));
    await updateGuardrail(accountId, guardrailId, { limitNano });
    if (n === 2) await assignGuardrail(accountId, guardrailId, [hash]);
  });
  await Promise.all([...requests, ...changes]);
  expect((await budgetOf(keyId)).held).toBe(0n);
});

async function settleUntilDone(row: GenerationRow): Promise<void> {
  for (;;) {
    const [answer] = await settleHolds([row]).catch(() => [{ outcome: "busy" }]);
    if (answer?.outcome !== "busy") return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
