import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import postgres from "postgres";
import { expect, test } from "vitest";
import { breakGuard, controls } from "../../scripts/sim/controls";
import { freshDatabase } from "../database";

/** What a simulation prints, and whether it found a violation. */
async function simulate(seed: number, operations: number, ...rest: string[]) {
  const command = [
    "node_modules/tsx/dist/cli.mjs",
    "scripts/sim/main.ts",
    "--seed",
    String(seed),
    "--ops",
    String(operations),
  ];
  const args = [...command, "--database", await freshDatabase(), ...rest];
  return new Promise<{ code: unknown; output: string }>((resolve) => {
    execFile(process.execPath, args, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, output: stdout + stderr }),
    );
  });
}

/** Seeds that once found something, or that play something rare: each is played again, for ever. */
const kept: { seed: number; operations: number; why: string }[] = JSON.parse(
  readFileSync("scripts/sim/seeds.json", "utf8"),
);

test.each(kept)(
  "whatever happens to the money functions at random and at once, the books are right (seed $seed: $why)",
  async ({ seed, operations }) => {
    expect(await simulate(seed, operations)).toMatchObject({
      code: 0,
      output: expect.stringContaining("no violation"),
    });
  },
  180_000,
);

test.each(Object.keys(controls))(
  "without its guard %s, the simulation finds a violation",
  async (guard) => {
    for (const seed of [1, 2, 3, 4]) {
      const { code, output } = await simulate(seed, 4_000, "--break", guard);
      if (code !== 1) continue;
      expect(output).toContain("violated after");
      return;
    }
    expect.unreachable("four seeds did not notice");
  },
  180_000,
);

/** How many of a thousand holds at once a balance for fifty admits, each on a statement of its own. */
async function admitted(guard?: string): Promise<number> {
  const sql = postgres(await freshDatabase(), { max: 20, onnotice: () => {} });
  try {
    if (guard) await breakGuard(sql, guard);
    const [account] = await sql`insert into accounts default values returning id`;
    await sql`select credit(${account?.id}, 5000000000, 'topup', 'test', 'm')`;
    const [key] = await sql`
      insert into api_keys (account_id, name, hash, label) values (${account?.id}, 'test', 'h', 'l') returning id`;
    const holds = Array.from({ length: 1_000 }, (_, index) => {
      const items = JSON.stringify([{ id: `h${index}`, key_id: key?.id, most: 100_000_000, least: 100_000_000 }]);
      return sql`select outcome from holds_open(${items}::text::jsonb, '3 minutes')`;
    });
    return (await Promise.all(holds)).filter(([row]) => row?.outcome === "ok").length;
  } finally {
    await sql.end();
  }
}

test("a balance for fifty admits fifty of a thousand at once; checked first and debited then, it admits more", async () => {
  expect(await admitted()).toBe(50);
  expect(await admitted("account-lock")).toBeGreaterThan(50);
});
