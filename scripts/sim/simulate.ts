import postgres from "postgres";
import { Operator } from "@/db/operator";
import { creditAccount, insertUser } from "@/db/queries/accounts";
import { isDatabaseAway, retrying } from "@/db/retrying";
import { makeCode } from "@/lib/billing/redeem-code";
import { mintKey } from "@/lib/keys/manage";
import { violations } from "./invariants";
import { drawOperation, type World } from "./operations";
import { seeded } from "./random";

const AT_ONCE = 24;

/**
 * Random requests, many at once, against the real functions on a real Postgres: holds of all sizes, settlements above and
 * below them, twice and late, heartbeats, expiries by several sweepers, limits that change, money that comes and goes, is
 * disputed and redeemed, connections cut in the middle of a statement. Returns the first violations found, or none.
 */
export async function simulate(
  url: string,
  seed: number,
  operations: number,
): Promise<{ step: number; wrong: string[] }> {
  const sql = postgres(url, { max: 6, onnotice: () => {} });
  try {
    const world: World = {
      sql,
      random: seeded(seed),
      payers: [],
      codes: [],
      holds: [],
      known: { usedAtLimit: new Map() },
      serial: 0,
      seed,
    };
    for (let index = 0; index < 4; index++) world.payers.push(await makePayer(world, index));
    for (const uses of [1, 2, 3])
      world.codes.push(
        (await makeCode({ amount: 700n, uses, expiresAt: null, note: null }, Operator.atTheCommandLine())).code,
      );
    for (let step = 0; step < operations; step += AT_ONCE) {
      // The operations are drawn before any of them runs, so that their order does not depend on the database's.
      const drawn = Array.from({ length: AT_ONCE }, () => drawOperation(world));
      const ends = await Promise.allSettled([...drawn, () => roll(sql)].map((operation) => retrying(operation)));
      // Nothing that is asked for here may be refused by a constraint: one that speaks up has caught what a guard let by.
      const failed = ends.flatMap((end) =>
        end.status === "rejected" && !isDatabaseAway(end.reason) ? [`an operation failed: ${end.reason?.message}`] : [],
      );
      const wrong = [...failed, ...(await violations(sql, world.known))];
      if (wrong.length > 0) return { step: step + AT_ONCE, wrong };
    }
    return { step: operations, wrong: [] };
  } finally {
    await sql.end();
  }
}

/** Sums the log up while all that goes on, up to now: no clock is set back here. */
const roll = (sql: postgres.Sql) => sql`select activity_roll('20 seconds', '0 seconds')`;

async function makePayer({ seed }: World, index: number): Promise<World["payers"][number]> {
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
