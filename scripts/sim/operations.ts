import { setTimeout as sleep } from "node:timers/promises";
import type postgres from "postgres";
import { creditAccount } from "@/db/queries/accounts";
import { setApiKeyLimit } from "@/db/queries/api-keys";
import { adjustCredits } from "@/db/queries/credits";
import { beatHolds, expireHolds, openHolds, settleHolds } from "@/db/queries/holds";
import { redeemCode } from "@/lib/billing/redeem-code";
import type { Known } from "./invariants";
import type { Random } from "./random";

export type World = {
  sql: postgres.Sql;
  random: Random;
  payers: { accountId: string; keyIds: string[] }[];
  codes: string[];
  holds: string[];
  known: Known;
  serial: number;
  seed: number;
};

export type Operation = () => Promise<unknown>;
type Payer = World["payers"][number];
/** Draws everything that chance decides, and returns what is to be done with it. */
type Draw = (world: World, payer: Payer, id: string) => Operation;

/** What happens, and how often it does. Money goes back on the first account only, so that the others never owe. */
const draws: [share: number, draw: Draw][] = [
  [400, (world, { accountId, keyIds }, id) => open(world, id, accountId, world.random.pick(keyIds))],
  [260, (world) => settle(knownHold(world), world.random.nanos(1_500), byokUsage(world.random))],
  [70, (world) => beat(knownHold(world), world.random.nanos(900), byokUsage(world.random))],
  [80, (world) => expire(world, knownHold(world), 1 + world.random.below(3))],
  [40, (world, { keyIds }) => limit(world, world.random.pick(keyIds.slice(1)))],
  [40, ({ random }, { accountId }, id) => topUp(accountId, 1n + random.nanos(3_000), id)],
  [
    20,
    ({ random, payers }, { accountId }, id) => refund(payers[0]?.accountId ?? accountId, 1n + random.nanos(500), id),
  ],
  [
    20,
    (world, { accountId }, id) =>
      dispute(world, world.payers[0]?.accountId ?? accountId, world.random.nanos(400), world.random.chance(0.7), id),
  ],
  [20, ({ random }, { accountId }, id) => adjust(accountId, random.nanos(2_000) - 1_000n, id)],
  [20, ({ random, codes }, { accountId }) => redeem(accountId, random.chance(0.2) ? "wrong" : random.pick(codes))],
  [
    20,
    ({ sql }) =>
      () =>
        sql`select reconcile('0 seconds')`,
  ],
  [3, ({ sql, random }) => crash(sql, 1 + random.below(6))],
];

const SHARES = draws.reduce((sum, [share]) => sum + share, 0);

export function drawOperation(world: World): Operation {
  const { random, payers } = world;
  const payer = random.pick(payers);
  const id = `sim-${world.seed}-${++world.serial}`;
  let dice = random.below(SHARES);
  const found = draws.find(([share]) => (dice -= share) < 0) ?? draws[0];
  if (!found) throw new Error("nothing can happen");
  const operation = found[1](world, payer, id);
  // An answer that was lost, or a sender that says everything twice: the same ids again, at the same time.
  return random.chance(0.12) ? () => Promise.all([operation(), operation()]) : operation;
}

const knownHold = ({ holds, random }: World) => (holds.length > 0 ? random.pick(holds) : "sim-none");

function open(world: World, id: string, accountId: string, keyId: string) {
  const most = world.random.nanos(1_000);
  const least = world.random.chance(0.5) ? most : most / 3n;
  // With the caller's own key, his provider charges him some twenty times our fee.
  const own = world.random.chance(0.3) ? byokUsage(world.random) : 0n;
  const withByok = own > 0n ? { most: most + own, least } : undefined;
  const progress = { requestedModel: "sim/model" };
  return async () => {
    const [answer] = await openHolds([{ id, accountId, keyId, most, least, withByok, progress }]);
    if (answer?.outcome === "ok" || answer?.outcome === "duplicate") world.holds.push(id);
  };
}

const byokUsage = (random: Random) => (random.chance(0.5) ? random.nanos(2_500) : 0n);

const settle = (id: string, costNano: bigint, byokUsageNano: bigint) => async () => {
  const row = {
    id,
    costNano,
    isByok: byokUsageNano > 0n,
    byokUsageNano,
    upstreamCostNano: costNano,
    requestedModel: "sim/model",
    modelSlug: "sim/model",
    outcome: "completed" as const,
  };
  while ((await settleHolds([row]))[0]?.outcome === "busy") await sleep(5);
};

const beat = (id: string, checkpoint: bigint, byokUsageNano: bigint) => () =>
  beatHolds([{ id, checkpoint, progress: { requestedModel: "sim/model", byokUsageNano } }]);

/** A process that died: its hold's time is over, and the sweeps of several replicas race for it. */
const expire =
  ({ sql }: World, id: string, sweepers: number) =>
  async () => {
    await sql`update holds set expires_at = now() - interval '1 second' where id = ${id} and status = 'open'`;
    await Promise.all(Array.from({ length: sweepers }, () => expireHolds(3)));
  };

const limit = ({ sql, known, random }: World, keyId: string) => {
  const nanos = random.chance(0.3) ? null : random.nanos(12_000);
  const reset = random.pick(["daily", "weekly", "none"] as const);
  const includeByok = random.chance(0.5);
  return async () => {
    // Until it is known how much was used at the change, nothing the key does is held against it.
    known.usedAtLimit.set(keyId, 1n << 60n);
    await setApiKeyLimit(keyId, { limit: nanos, reset, includeByok });
    const [row] = await sql<{ used: string }[]>`
        select coalesce((select sum(coalesce(with_byok_nano, amount_nano)) from holds where key_id = ${keyId} and status = 'open'), 0)
             + (select coalesce(sum(cost_nano + byok_usage_nano), 0) from generations where key_id = ${keyId}) as used`;
    known.usedAtLimit.set(keyId, BigInt(row?.used ?? 0));
  };
};

const topUp = (accountId: string, amount: bigint, sourceId: string) => () =>
  creditAccount(accountId, { amount, kind: "topup", source: "sim", sourceId });

const refund = (accountId: string, amount: bigint, sourceId: string) => () =>
  creditAccount(accountId, { amount: -amount, kind: "refund", source: "sim", sourceId });

/** The bank takes the money back and the account is frozen; in half of all cases it is won, and as before. */
const dispute =
  ({ sql }: World, accountId: string, amount: bigint, won: boolean, id: string) =>
  async () => {
    const nano = (amount + 1n).toString();
    await sql`select credit(${accountId}, -(${nano}::text::bigint), 'dispute_hold', 'sim', ${id}), account_freeze(${accountId}, 'dispute', ${id})`;
    if (!won) return;
    await sql`select credit(${accountId}, ${nano}::text::bigint, 'dispute_won', 'sim', ${id}), account_unfreeze(${accountId}, 'dispute', ${id})`;
  };

const adjust = (accountId: string, amount: bigint, reference: string) => () =>
  adjustCredits(accountId, { amount: amount || 1n, reference, reason: "sim" }, { actor: "system" }).catch(
    unlessRefused("LG402"),
  );

const redeem = (accountId: string, code: string) => () =>
  redeemCode(accountId, code, { actor: "system" }).catch(unlessRefused("conflict", "not_found", "rate_limit_exceeded"));

/** Clients that die in the middle of a statement: their server processes are ended, and they ask again. */
const crash = (sql: postgres.Sql, most: number) => () =>
  sql`select pg_terminate_backend(pid) from (
        select pid from pg_stat_activity where datname = current_database() and state = 'active'
           and application_name = 'openrouter-self-hosted' limit ${most}) busy`;

const unlessRefused =
  (...names: string[]) =>
  (error: { code?: string; type?: string }) => {
    if (!names.includes(error.code ?? error.type ?? "")) throw error;
  };
