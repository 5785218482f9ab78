import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { isAlive } from "../is-alive";

const LEFT_OUT = new Set(["node_modules", ".data", ".git", ".env", "cache"]);

let project: string;
let port: number;
const launchers: ChildProcess[] = [];

/** A copy, with its build, so that the quick start of this directory and its data are left alone. */
beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), "quickstart-"));
  chmodSync(project, 0o755);
  for (const name of readdirSync(".").filter((entry) => !LEFT_OUT.has(entry))) {
    cpSync(name, join(project, name), { recursive: true, filter: (path) => path !== join(".next", "cache") });
  }
  symlinkSync(join(process.cwd(), "node_modules"), join(project, "node_modules"));
  port = await freePort();
});
afterAll(async () => {
  for (const launcher of launchers.filter((each) => each.exitCode === null && each.signalCode === null)) {
    launcher.kill("SIGTERM");
    await once(launcher, "exit");
  }
  rmSync(project, { recursive: true });
});

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: free } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return free;
}

function launch() {
  const child = spawn(process.execPath, ["scripts/quickstart.mjs"], {
    cwd: project,
    // What the shell says about NODE_ENV must not matter.
    env: { PATH: process.env.PATH, HOME: process.env.HOME, NODE_ENV: "development", PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  launchers.push(child);
  const run = { child, output: "" };
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (run.output += text));
  return run;
}

async function launchUntilReady() {
  const run = launch();
  await vi.waitFor(() => expect(run.output, run.output).toContain("Stop with Ctrl-C"), 50_000);
  return run;
}

/** Sends what the printed curl line would send. */
function sendAsPrinted(output: string) {
  const [, url = "", authorization = "", body = ""] =
    /^curl (\S+) -H "Authorization: ([^"]+)" -H "Content-Type: application\/json" -d '([^']+)'$/m.exec(output) ?? [];
  return fetch(url, { method: "POST", headers: { authorization, "content-type": "application/json" }, body });
}

const keyIn = (output: string) => /sk-or-v1-[0-9a-f]{64}/.exec(output)?.[0];

const postgresPid = () => Number(readFileSync(join(project, ".data/postgres/postmaster.pid"), "utf8").split("\n")[0]);

it("answers, survives being killed, lets only one run, and stops cleanly", async () => {
  const first = await launchUntilReady();
  const answer = await sendAsPrinted(first.output);
  expect(answer.status).toBe(200);
  expect(JSON.stringify(await answer.json())).toContain("This is a stand-in");

  const second = launch();
  await once(second.child, "close");
  expect(second.child.exitCode).toBe(1);
  expect(second.output).toContain(
    `already runs in this directory (process ${first.child.pid}): http://127.0.0.1:${port}`,
  );

  const database = postgresPid();
  first.child.kill("SIGKILL");
  await vi.waitFor(() => expect(fetch(`http://127.0.0.1:${port}/api/health`)).rejects.toThrow(), 10_000);

  const third = await launchUntilReady();
  expect(third.output).toContain("(it still ran)");
  expect(postgresPid()).toBe(database);
  expect(keyIn(third.output)).toBe(keyIn(first.output));
  expect((await sendAsPrinted(third.output)).status).toBe(200);

  third.child.kill("SIGINT");
  expect(await once(third.child, "exit")).toEqual([0, null]);
  expect(isAlive(database)).toBe(false);
  await expect(fetch(`http://127.0.0.1:${port}/api/health`)).rejects.toThrow();
});

it("says at once that the port is taken", async () => {
  const holder = createServer().listen(port, "127.0.0.1");
  await once(holder, "listening");
  const run = launch();
  await once(run.child, "close");
  holder.close();
  expect(run.child.exitCode).toBe(1);
  expect(run.output.trim()).toMatch(
    new RegExp(`^Port ${port} is taken by another program\\. Give another one: PORT=\\d+ npm run quickstart$`),
  );
});

it.runIf(process.platform === "linux")("stops the rest and shows the log when the server dies", async () => {
  const run = await launchUntilReady();
  const [pid] = readFileSync(`/proc/${run.child.pid}/task/${run.child.pid}/children`, "utf8")
    .trim()
    .split(" ")
    .map(Number)
    .filter((child) => readFileSync(`/proc/${child}/cmdline`, "utf8").includes("server.mjs"));
  const database = postgresPid();
  process.kill(pid ?? 0, "SIGKILL");
  await once(run.child, "close");
  expect(run.child.exitCode).toBe(1);
  expect(run.output).toMatch(
    /The server ended \(killed by SIGKILL\)\. The end of .*server\.log:\n\n[\s\S]*Listening on/,
  );
  expect(isAlive(database)).toBe(false);
});
