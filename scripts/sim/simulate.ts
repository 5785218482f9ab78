import postgres from "postgres";
import { creditAccount, insertUser } from "@/db/queries/accounts";
import { setApiKeyLimit } from "@/db/queries/api-keys";
import { beatHolds, expireHolds, openHolds, settleHolds } from "@/db/queries/holds";
import { retrying } from "@/lib/billing/retrying";
import { mintKey } from "@/lib/keys/manage";
import { type Known, violations } from "./invariants";
import { type Random, seeded } from "./random";

type Payer = { accountId: string; keyIds: string[] };
type World = {
  sql: postgres.Sql;
  random: Random;
  payers: Payer[];
  holds: string[];
  known: Known;
  serial: number;
  seed: number;
};

const AT_ONCE = 24;

/**
 * Random requests, many at once, against the real functions on a real Postgres: holds of all sizes, settlements above and
 * below them, twice and late, heartbeats, expiries, limits that change, money that comes and goes. Returns the first
 * violations found, or none.
 */
export async function simulate(
  url: string,
  seed: number,
  operations: number,
): Promise<{ step: number; wrong: string[] }> {
  const sql = postgres(url, { max: 4, onnotice: () => {} });
  try {
    const world: World = {
      sql,
      random: seeded(seed),
      payers: [],
      holds: [],
      known: { usedAtLimit: new Map() },
      serial: 0,
      seed,
    };
    for (let index = 0; index < 4; index++) world.payers.push(await makePayer(world, index));
    for (let step = 0; step < operations; step += AT_ONCE) {
      // The operations are drawn before any of them runs, so that their order does not depend on the database's.
      const drawn = Array.from({ length: AT_ONCE }, () => drawOperation(world));
      const ends = await Promise.allSettled(drawn.map((operation) => retrying(operation)));
      // Nothing that is asked for here may be refused by a constraint: one that speaks up has caught what a guard let by.
      const failed = ends.flatMap((end) =>
        end.status === "rejected" ? [`an operation failed: ${end.reason?.message}`] : [],
      );
      const wrong = [...failed, ...(await violations(sql, world.known))];
      if (wrong.length > 0) return { step: step + AT_ONCE, wrong };
    }
    return { step: operations, wrong: [] };
  } finally {
    await sql.end();
  }
}

async function makePayer({ seed }: World, index: number): Promise<Payer> {
  const user = await insertUser({ email: `sim-${seed}-${index}@localhost`, passwordHash: null, role: "user" });
  if (!user) throw new Error("this seed has been played on this database");
  const { accountId } = user;
  await creditAccount(accountId, { amount: 30_000n, kind: "topup", source: "sim", sourceId: `${seed}-${index}` });
  const limits = [null, 9_000n, 4_000n];
  const keys = await Promise.all(
    limits.map((limit) => mintKey({ accountId, name: "sim", limit, reset: limit ? "daily" : "none" })),
  );
  return { accountId, keyIds: keys.map(({ row }) => row.id) };
}

function drawOperation(world: World): () => Promise<unknown> {
  const { random, payers } = world;
  const { accountId, keyIds } = random.pick(payers);
  const id = `sim-${world.seed}-${++world.serial}`;
  const known = world.holds.length > 0 ? random.pick(world.holds) : undefined;
  const dice = random.below(100);
  if (dice < 45 || !known) return open(world, id, accountId, random.pick(keyIds));
  if (dice < 75) return settle(known, random.nanos(1_500), byokUsage(random));
  if (dice < 82) return beat(known, random.nanos(900), byokUsage(random));
  if (dice < 89) return expire(world, known);
  if (dice < 93)
    return limit(
      world,
      random.pick(keyIds.slice(1)),
      random.chance(0.3) ? null : random.nanos(12_000),
      random.pick(["daily", "weekly", "none"] as const),
      random.chance(0.5),
    );
  if (dice < 97)
    return () =>
      creditAccount(accountId, { amount: 1n + random.nanos(3_000), kind: "topup", source: "sim", sourceId: id });
  return () =>
    creditAccount(payers[0]?.accountId ?? accountId, {
      amount: -1n - random.nanos(500),
      kind: "refund",
      source: "sim",
      sourceId: id,
    });
}

function open(world: World, id: string, accountId: string, keyId: string) {
  const most = world.random.nanos(1_000);
  const least = world.random.chance(0.5) ? most : most / 3n;
  // With the caller's own key, his provider charges him some twenty times our fee.
  const own = world.random.chance(0.3) ? byokUsage(world.random) : 0n;
  const withByok = own > 0n ? { most: most + own, least } : undefined;
  return async () => {
    const [answer] = await openHolds([
      { id, accountId, keyId, most, least, withByok, progress: { requestedModel: "sim/model" } },
    ]);
    if (answer?.outcome === "ok") world.holds.push(id);
  };
}

const byokUsage = (random: Random) => (random.chance(0.5) ? random.nanos(2_500) : 0n);

const settle = (id: string, costNano: bigint, byokUsageNano: bigint) => () =>
  settleHolds([
    {
      id,
      costNano,
      isByok: byokUsageNano > 0n,
      byokUsageNano,
      upstreamCostNano: costNano,
      requestedModel: "sim/model",
      modelSlug: "sim/model",
      outcome: "completed",
    },
  ]);

const beat = (id: string, checkpoint: bigint, byokUsageNano: bigint) => () =>
  beatHolds([{ id, checkpoint, progress: { requestedModel: "sim/model", byokUsageNano } }]);

/** A process that died: its hold's time is over, and any replica's sweep finds it. */
const expire =
  ({ sql }: World, id: string) =>
  async () => {
    await sql`update holds set expires_at = now() - interval '1 second' where id = ${id} and status = 'open'`;
    await expireHolds(3);
  };

const limit =
  (
    { sql, known }: World,
    keyId: string,
    nanos: bigint | null,
    reset: "daily" | "weekly" | "none",
    includeByok: boolean,
  ) =>
  async () => {
    // Until it is known how much was used at the change, nothing the key does is held against it.
    known.usedAtLimit.set(keyId, 1n << 60n);
    await setApiKeyLimit(keyId, nanos, reset, includeByok);
    const [row] = await sql<{ used: string }[]>`
    select coalesce((select sum(coalesce(with_byok_nano, amount_nano)) from holds where key_id = ${keyId} and status = 'open'), 0)
         + (select coalesce(sum(cost_nano + byok_usage_nano), 0) from generations where key_id = ${keyId}) as used`;
    known.usedAtLimit.set(keyId, BigInt(row?.used ?? 0));
  };
