import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { runStep, StepFailed } from "../../../scripts/run-step.mjs";
import { isAlive } from "../../is-alive";

let printed = "";
beforeEach(() => {
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += text;
    return true;
  });
  vi.spyOn(console, "log").mockImplementation((text) => {
    printed += `${text}\n`;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

const node = (code: string) => [process.execPath, "-e", code];

it("returns the output of a step that goes well, and shows only how long it took", async () => {
  const output = await runStep("A step", node("console.log('out'); console.error('complaint')"));
  expect(output).toBe("out\n");
  expect(printed).toMatch(/^A step \.\.\. \d+\.\d s\n$/);
});

it("shows everything a failed step said", async () => {
  const step = runStep("A step", node("console.log('out'); console.error('complaint'); process.exit(4)"));
  await expect(step).rejects.toThrow(new StepFailed("A step: ended by exit code 4"));
  expect(printed).toMatch(/^A step \.\.\. failed after \d+\.\d s \(ended by exit code 4\)\n\nout\ncomplaint\n/);
});

it("ends a cancelled step with all that it has started, even when that does not listen", async () => {
  const folder = mkdtempSync(join(tmpdir(), "step-"));
  const pidFile = join(folder, "pid");
  const deaf = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);";
  const child = `${deaf} require('fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid))`;
  const parent = `${deaf} require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}])`;
  const cancelled = new AbortController();
  const step = runStep("A step", node(parent), { signal: cancelled.signal });
  await vi.waitFor(() => expect(readFileSync(pidFile, "utf8")).not.toBe(""), { timeout: 5000 });
  cancelled.abort();
  await expect(step).rejects.toThrow("ended by SIGKILL");
  await vi.waitFor(() => expect(isAlive(Number(readFileSync(pidFile, "utf8")))).toBe(false), { timeout: 5000 });
  rmSync(folder, { recursive: true });
});
