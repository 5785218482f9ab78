import { execFile } from "node:child_process";
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

test.each([1, 20_261_124])(
  "whatever happens to the money functions at random and at once, the books are right (seed %i)",
  async (seed) => {
    expect(await simulate(seed, 2_000)).toMatchObject({ code: 0, output: expect.stringContaining("no violation") });
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
