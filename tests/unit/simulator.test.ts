import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { controls } from "../../scripts/sim/controls";
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

/** Most guards are missed by the first; that of a limit which counts what callers pay elsewhere, by the fifth or so. */
const SEEDS = 16;

test.each(Object.keys(controls))(
  "without its guard %s, the simulation finds a violation",
  async (guard) => {
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { code, output } = await simulate(seed, 4_000, "--break", guard);
      if (code !== 1) continue;
      expect(output).toContain("violated after");
      return;
    }
    expect.unreachable(`${SEEDS} seeds did not notice`);
  },
  800_000,
);
