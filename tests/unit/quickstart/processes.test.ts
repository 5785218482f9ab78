import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it, vi } from "vitest";
import { holdRunning, startProgram } from "../../../scripts/quickstart/processes.mjs";
import { isAlive } from "../../is-alive";

const folder = mkdtempSync(join(tmpdir(), "processes-"));
afterAll(() => rmSync(folder, { recursive: true }));

const program = (name: string, code: string) =>
  startProgram({ name, args: ["-e", code], env: process.env, logFile: join(folder, "log", `${name}.log`) });

describe("what is running", () => {
  it("is stopped in the opposite order, each only when the one before has ended", async () => {
    const events: string[] = [];
    const running = holdRunning(() => events.push("loss"));
    for (const name of ["database", "server"]) {
      let end = (_how: string) => {};
      const ended = new Promise<string>((done) => {
        end = done;
      });
      const stop = async () => {
        events.push(`${name} stops`);
        await sleep(20);
        events.push(`${name} ended`);
        end("exit code 0");
      };
      running.add({ name, ended, stop, kill: () => {} });
    }
    await running.stopAll();
    expect(events).toEqual(["server stops", "server ended", "database stops", "database ended"]);
  });

  it("is told about with the end of its log when it ends by itself", async () => {
    const lost = vi.fn<(reason: string) => void>();
    const lines = "for (let i = 1; i <= 100; i++) console.log('line ' + i); process.exitCode = 3";
    const { ended } = holdRunning(lost).add(program("fragile", lines));
    await ended;
    await sleep(0);
    const [reason] = lost.mock.calls[0] ?? [""];
    expect(reason).toContain("fragile ended (exit code 3). The end of");
    expect(reason).toContain("line 100\n");
    expect(reason).not.toContain("line 50\n");
  });
});

it("stops a program by asking it first", async () => {
  const started = program(
    "polite",
    "setInterval(() => {}, 1000); process.on('SIGTERM', () => process.exit(5)); process.send('up')",
  );
  await once(started.child, "message");
  await started.stop();
  expect(await started.ended).toBe("exit code 5");
});

it("leaves no program behind when the launcher is killed", async () => {
  const modules = ["quickstart/processes.mjs", "run-step.mjs"].map(
    (path) => new URL(`../../../scripts/${path}`, import.meta.url).href,
  );
  const launcher = `
    import { startProgram } from ${JSON.stringify(modules[0])};
    import { endingWithUs } from ${JSON.stringify(modules[1])};
    const { child } = startProgram({
      name: "unaware", args: ["-e", "setInterval(() => {}, 1000); process.send('up')"],
      env: endingWithUs(process.env), logFile: ${JSON.stringify(join(folder, "unaware.log"))},
    });
    child.once("message", () => console.log(child.pid));
  `;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", launcher]);
  const [said] = await once(parent.stdout, "data");
  const pid = Number(said);
  expect(isAlive(pid)).toBe(true);
  parent.kill("SIGKILL");
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 5000 });
});
