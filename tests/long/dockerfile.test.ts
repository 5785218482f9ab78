import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { freePort } from "../app";
import { APP_SECRET, freshDatabase } from "../database";
import { contextOf, copiesOf, settingsOf, stagesOf, textsOf } from "../dockerfile";

const [build = [], run = []] = stagesOf();
const folder = mkdtempSync(join(tmpdir(), "dockerfile-"));
const [context, image] = [join(folder, "build"), join(folder, "image")];
let server: ChildProcess | undefined;

afterAll(() => {
  server?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** Nothing of this process' environment gets in, but where programs are found and what has been downloaded. */
const bare = { PATH: process.env.PATH, HOME: process.env.HOME } as unknown as NodeJS.ProcessEnv;

test("the Dockerfile's own commands, run in an empty directory, make an app that starts, is well, and ends when told", async () => {
  const tracked = execFileSync("git", ["ls-files", ...contextOf()], { encoding: "utf8" })
    .trim()
    .split("\n");
  for (const path of tracked) if (!/\.test\.tsx?$/.test(path)) cpSync(path, join(context, path));
  for (const command of textsOf(build, "RUN")) {
    const { status, stderr } = spawnSync("sh", ["-c", command], {
      cwd: context,
      env: { ...bare, ...settingsOf(build) },
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
    expect(status, `${command}\n${stderr.slice(-2_000)}`).toBe(0);
  }
  for (const { from, to } of copiesOf(run))
    for (const path of from) {
      const target = to.endsWith("./") && from.length > 1 ? join(image, path.replace("/app/", "")) : join(image, to);
      cpSync(join(context, path.replace("/app/", "")), target, { recursive: true, verbatimSymlinks: true });
    }
  const port = String(await freePort());
  const env = {
    ...bare,
    ...settingsOf(run),
    ...{ HOST: "127.0.0.1", PORT: port, DATABASE_URL: await freshDatabase(), APP_SECRET },
  } as unknown as NodeJS.ProcessEnv;
  const [program = "", ...args] = JSON.parse(textsOf(run, "CMD")[0] ?? "") as string[];
  let said = "";
  const running = spawn(program, args, { cwd: image, env });
  server = running;
  running.stdout.on("data", (text) => (said += text));
  running.stderr.on("data", (text) => (said += text));
  const [, command = "[]"] = /CMD (\[.+\])$/.exec(textsOf(run, "HEALTHCHECK")[0] ?? "") ?? [];
  const [checker = "", ...check] = JSON.parse(command) as string[];
  const isWell = () => spawnSync(checker, check, { env }).status === 0;
  for (let tries = 0; tries < 120 && running.exitCode === null && !isWell(); tries++) await sleep(500);
  expect(isWell(), said).toBe(true);
  for (const path of ["/api/ready", "/", "/docs/api", "/models", "/api/v1/models"]) {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    await answer.arrayBuffer();
    expect(answer.status, path).toBe(200);
  }
  running.kill("SIGTERM");
  for (let tries = 0; tries < 100 && running.exitCode === null; tries++) await sleep(100);
  expect(running.exitCode).toBe(0);
  expect(isWell()).toBe(false);
});
