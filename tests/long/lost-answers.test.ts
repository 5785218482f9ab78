import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { creditAccount, findAccount, findDrift, insertUser } from "@/db/queries/accounts";
import { openHolds, settleHolds } from "@/db/queries/holds";
import { isDatabaseAway, retrying } from "@/db/retrying";
import { openHold } from "@/lib/billing/holds";
import { mintKey } from "@/lib/keys/manage";
import { eventually } from "../app";
import { useFreshDatabase } from "../database";
import { startCuttingProxy } from "./cutting-proxy";

const CUTS = 500;
/** Every so manieth answer to a money statement is lost, with its connection, after the statement was committed. */
const EVERY = 4;

/** What happens to the answers to holds in turn, before the losses begin: each is kept back so long, and then lost or not. */
let plan: { ms: number; lost: boolean }[] = [];
let cuts = CUTS;
let answers = 0;
let proxy: Awaited<ReturnType<typeof startCuttingProxy>>;

beforeAll(async () => {
  proxy = await startCuttingProxy(await useFreshDatabase(), {
    fromClient: (data, line) => {
      if (data.includes('"cost_nano"') || data.includes('"least"') || data.includes("lost-answers"))
        line.marked = "money";
      return true;
    },
    // A function's answer leaves the server once, with the word that its transaction is over.
    fromServer: (data, line) => {
      if (line.marked !== "money") return true;
      line.marked = undefined;
      const next = plan.shift();
      if (next) {
        setTimeout(() => (next.lost ? line.cut() : line.toClient(data)), next.ms);
        return false;
      }
      if (++answers % EVERY !== 0 || cuts >= CUTS) return true;
      cuts++;
      line.cut();
      return false;
    },
  });
  Object.assign(process.env, { DATABASE_URL: proxy.url, DATABASE_POOL_SIZE: "8" });
});

afterAll(async () => {
  await closeDatabase();
  await proxy.stop();
});

/** Asks until it is answered, as the settling of a bill does. */
async function untilAnswered<T>(work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await retrying(work);
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
    }
  }
}

test("a hold whose first answer was lost, and whose second comes when nobody waits for it, is given back", async () => {
  const user = await insertUser({ email: `${randomUUID()}@test`, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  const { accountId } = user;
  await creditAccount(accountId, { amount: 1_000n, kind: "topup", source: "test", sourceId: accountId });
  const { row } = await mintKey({ accountId, name: "test" });
  plan = [
    { ms: 1_300, lost: true },
    { ms: 5_700, lost: false },
  ];
  const request = { id: "late", accountId, keyId: row.id, most: 900n, least: 900n, progress: {} };
  await expect(openHold(request)).rejects.toMatchObject({ type: "service_unavailable" });
  expect(await findAccount(db(), accountId)).toMatchObject({ heldNano: 900n });
  const account = await eventually(
    () => findAccount(db(), accountId),
    (found) => found?.heldNano === 0n,
  );
  expect(account).toMatchObject({ postedNano: 1_000n, heldNano: 0n });
});

test(`of ${CUTS} answers lost between commit and arrival, none costs anybody anything, and none is forgotten`, async () => {
  const user = await insertUser({ email: `${randomUUID()}@test`, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  const { accountId } = user;
  const { row } = await mintKey({ accountId, name: "test", limit: 1_000_000_000n });
  cuts = 0;
  let charged = 0n;
  let credited = 0n;
  const worker = async (name: number) => {
    for (let step = 0; cuts < CUTS; step++) {
      const id = `lost-answers-${name}-${step}`;
      await untilAnswered(() =>
        creditAccount(accountId, { amount: 1_000n, kind: "topup", source: "test", sourceId: id }),
      );
      credited += 1_000n;
      const [hold] = await untilAnswered(() =>
        openHolds([{ id, accountId, keyId: row.id, most: 900n, least: 900n, progress: {} }]),
      );
      expect(["ok", "duplicate"]).toContain(hold?.outcome);
      const bill = { id, costNano: 700n, upstreamCostNano: 700n, requestedModel: "a/b", modelSlug: "a/b" };
      const [settled] = await untilAnswered(() => settleHolds([{ ...bill, outcome: "completed" }]));
      expect(["ok", "already"]).toContain(settled?.outcome);
      charged += 700n;
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: 8 }, (_, name) => worker(name)));
  console.log(`lost answers: ${cuts} of ${answers}, in ${Math.round((performance.now() - started) / 1000)} s`);
  expect(cuts).toBe(CUTS);
  expect(await findAccount(db(), accountId)).toMatchObject({ postedNano: credited - charged, heldNano: 0n });
  expect(await findDrift(db())).toEqual({ accounts: [], keys: [], usage: [], overdueHolds: [] });
}, 900_000);
