import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { contextOf, copiesOf, stagesOf, textsOf } from "../dockerfile";

const [build = [], run = []] = stagesOf();
const has = (program: string) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;

test("everything that the Dockerfile copies is there, and its context holds it", () => {
  const context = contextOf();
  for (const path of context) expect(existsSync(path), path).toBe(true);
  for (const path of copiesOf(build).flatMap(({ from }) => from))
    expect(path === "." || context.includes(path), path).toBe(true);
  for (const path of copiesOf(run).flatMap(({ from }) => from)) {
    const [top = ""] = path.replace("/app/", "").split("/");
    expect([...context, "node_modules", ".next"], path).toContain(top);
  }
});

test("what is of no use at run time, or secret, does not get into the image", () => {
  for (const path of [".env", ".git", ".data", "tests", "bench", "node_modules"])
    expect(contextOf()).not.toContain(path);
  expect(readFileSync(".dockerignore", "utf8").startsWith("*\n")).toBe(true);
});

test("the image runs as nobody in particular, says how it is, and is told to stop as the server understands it", () => {
  const names = run.map(({ name }) => name);
  expect(textsOf(run, "USER")).toEqual(["node"]);
  expect(names.indexOf("USER")).toBeLessThan(names.indexOf("CMD"));
  expect(textsOf(run, "STOPSIGNAL")).toEqual(["SIGTERM"]);
  expect(textsOf(run, "HEALTHCHECK")[0]).toContain("/api/health");
  expect(JSON.parse(textsOf(run, "CMD")[0] ?? "")).toEqual(["node", "server.mjs"]);
});

test("both stages have the same Node, which the project allows", () => {
  const images = [build, run].map((stage) => textsOf(stage, "FROM")[0]?.split(" ")[0]);
  expect(images[0]).toBe(images[1]);
  expect(Number(/^node:(\d+)-/.exec(images[0] ?? "")?.[1])).toBeGreaterThanOrEqual(22);
});

test("compose waits longer for a stop than the app does for its answers, and lets it write nowhere", () => {
  const compose = readFileSync("compose.yaml", "utf8");
  expect(Number(/stop_grace_period: (\d+)s/.exec(compose)?.[1])).toBeGreaterThan(120 + 10);
  expect(compose).toMatch(/read_only: true/);
  expect(compose).toMatch(/cap_drop: \[ALL\]/);
  expect(compose).toMatch(/"127\.0\.0\.1:3000:3000"/);
});

test("both proxies pass a stream on as it comes, and are as patient as the app", () => {
  const nginx = readFileSync("deploy/nginx.conf", "utf8");
  for (const line of ["proxy_buffering off;", "proxy_read_timeout 15m;", "proxy_ignore_client_abort off;"])
    expect(nginx).toContain(line);
  // A POST that was begun must not be sent to a second process: both would charge for it.
  expect(nginx).not.toContain("non_idempotent");
  const caddy = readFileSync("deploy/Caddyfile", "utf8");
  for (const line of ["flush_interval -1", "response_header_timeout 15m"]) expect(caddy).toContain(line);
});

test.skipIf(!has("nginx"))("nginx takes its configuration", () => {
  const folder = mkdtempSync(join(tmpdir(), "nginx-"));
  try {
    const plain = readFileSync("deploy/nginx.conf", "utf8")
      .replace("listen 443 ssl;", "listen 127.0.0.1:1;")
      .replaceAll(/ssl_cert.*;/g, "");
    const file = join(folder, "nginx.conf");
    writeFileSync(file, `pid ${folder}/pid; error_log stderr;\nevents {}\nhttp { access_log off;\n${plain}\n}\n`);
    const { status, stderr } = spawnSync("nginx", ["-t", "-c", file, "-p", folder], { encoding: "utf8" });
    expect(status, stderr).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.skipIf(!has("systemd-analyze"))("systemd takes its unit, and has little to say against its exposure", () => {
  const file = "deploy/openrouter-self-hosted.service";
  const { stderr } = spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" });
  expect(stderr.split("\n").filter((line) => line.includes("openrouter-self-hosted.service:"))).toEqual([]);
  const unit = readFileSync(file, "utf8");
  expect(Number(/TimeoutStopSec=(\d+)/.exec(unit)?.[1])).toBeGreaterThan(120 + 10);
});
