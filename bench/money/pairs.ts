import { randomUUID } from "node:crypto";
import { creditAccount, insertUser } from "@/db/queries/accounts";
import { openHolds, settleHolds } from "@/db/queries/holds";
import { openHold } from "@/lib/billing/holds";
import { settle, settled } from "@/lib/billing/settle";
import { mintKey } from "@/lib/keys/manage";

type Payers = { name: string; accounts: number; limit: bigint | null };

export const PAYERS: Payers[] = [
  { name: "one account, key with a limit", accounts: 1, limit: 10n ** 15n },
  { name: "one account, key without", accounts: 1, limit: null },
  { name: "200 accounts", accounts: 200, limit: null },
];

/** Holds opened and settled in a second, until the last one is in the database. */
export async function pairsPerSecond(
  { accounts, limit }: Payers,
  way: "one for each" | "batched",
  callers: number,
  seconds: number,
): Promise<number> {
  const payers = await Promise.all(Array.from({ length: accounts }, () => makePayer(limit)));
  const pair = way === "batched" ? throughTheBatcher : alone;
  const started = performance.now();
  const until = started + seconds * 1_000;
  let pairs = 0;
  const caller = async (first: number) => {
    for (let turn = first; performance.now() < until; turn += callers) {
      await pair(payers[turn % payers.length] as Payer);
      pairs++;
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, index) => caller(index)));
  await settled();
  return (pairs * 1_000) / (performance.now() - started);
}

type Payer = { accountId: string; keyId: string };

async function makePayer(limit: bigint | null): Promise<Payer> {
  const user = await insertUser({ email: `${randomUUID()}@localhost`, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  const { accountId } = user;
  await creditAccount(accountId, { amount: 10n ** 15n, kind: "topup", source: "bench", sourceId: accountId });
  const { row } = await mintKey({ accountId, name: "bench", limit });
  return { accountId, keyId: row.id };
}

const request = ({ accountId, keyId }: Payer) => ({
  id: randomUUID(),
  accountId,
  keyId,
  most: 1_000_000n,
  least: 1_000_000n,
  progress: { requestedModel: "bench/model", modelSlug: "bench/model" },
});

const bill = (id: string) => ({
  id,
  costNano: 400_000n,
  upstreamCostNano: 400_000n,
  requestedModel: "bench/model",
  modelSlug: "bench/model",
  outcome: "completed" as const,
});

async function alone(payer: Payer) {
  const hold = request(payer);
  await openHolds([hold]);
  await settleHolds([bill(hold.id)]);
}

/** As a request does it: it waits for its hold, and nobody waits for its settlement. */
async function throughTheBatcher(payer: Payer) {
  const hold = request(payer);
  const { outcome } = await openHold(hold);
  if (outcome !== "ok") throw new Error(`not held: ${outcome}`);
  settle(bill(hold.id));
}
