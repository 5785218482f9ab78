import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrateDatabase } from "@/db/migrate";
import { startPostgres } from "../../scripts/embedded-postgres.mjs";
import { type App, type Customer, eventually, startApp } from "../app";
import { type ScriptedUpstream, startScriptedUpstream } from "../scripted-upstream";

/** A Postgres of this file's own: it is killed and frozen. Its data is forced to disk, since what it acknowledged must stay. */
const folder = mkdtempSync(join(tmpdir(), "dying-postgres-"));
const dataDir = join(folder, "data");
let database: Awaited<ReturnType<typeof startPostgres>>;
let app: App;
let upstream: ScriptedUpstream;
let customer: Customer;

const postmaster = () => Number(readFileSync(join(dataDir, "postmaster.pid"), "utf8").split("\n")[0]);

beforeAll(async () => {
  chmodSync(folder, 0o755);
  database = await startPostgres({ dataDir });
  await migrateDatabase(database.url);
  upstream = await startScriptedUpstream();
  app = await startApp({ databaseUrl: database.url });
  await app.admin(
    "provider",
    "add",
    "--slug",
    "scripted",
    "--kind",
    "openai",
    "--base-url",
    upstream.baseUrl,
    "--api-key",
    "k",
  );
  await app.admin("model", "add", "--slug", "test/words", "--context", "100000");
  const prices = ["--prompt", "0.000001", "--completion", "0.000002", "--max-output", "4096"];
  await app.admin(
    "endpoint",
    "add",
    "--model",
    "test/words",
    "--provider",
    "scripted",
    "--upstream-model",
    "three-seconds",
    ...prices,
  );
  await app.admin("model", "add", "--slug", "test/quick", "--context", "100000");
  await app.admin(
    "endpoint",
    "add",
    "--model",
    "test/quick",
    "--provider",
    "scripted",
    "--upstream-model",
    "answers",
    ...prices,
  );
  customer = await app.customer("10");
  await eventually(ask, ({ status }) => status === 200);
});

afterAll(async () => {
  await app.stop();
  await upstream.stop();
  await database.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(model = "test/quick", stream = false) {
  const started = performance.now();
  const response = await fetch(`${app.url}/api/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${customer.key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, stream, max_tokens: 200, messages: [{ role: "user", content: "Hello" }] }),
  });
  const id = response.headers.get("x-generation-id") ?? "";
  return {
    status: response.status,
    retryAfter: response.headers.get("retry-after"),
    id,
    text: await response.text(),
    ms: performance.now() - started,
  };
}

/** The log's row, looked for with a connection of the moment: the test's own die with the server. */
async function settledRow(id: string) {
  const sql = postgres(database.url, { max: 1, onnotice: () => {} });
  try {
    return await eventually(
      async () => (await sql`select outcome, cost_nano, output_tokens from generations where id = ${id}`)[0],
      (row) => row !== undefined,
    );
  } finally {
    await sql.end();
  }
}

test("the database is killed: requests get 503, a running stream goes on to its end, and is settled when it is back", async () => {
  const streams = Array.from({ length: 5 }, () => ask("test/words", true));
  await sleep(700);
  process.kill(postmaster(), "SIGKILL");
  await database.ended;
  const refused = await Promise.all(Array.from({ length: 10 }, () => ask()));
  expect(refused.map(({ status }) => status)).toEqual(Array(10).fill(503));
  expect(refused[0]?.retryAfter).toBe("5");
  expect(JSON.parse(refused[0]?.text ?? "").error.metadata.error_type).toBe("service_unavailable");
  const before = upstream.calls.get("answers") ?? 0;
  await ask();
  expect(upstream.calls.get("answers") ?? 0).toBe(before);

  const finished = await Promise.all(streams);
  for (const { status, text } of finished) {
    expect(status).toBe(200);
    expect(text).toContain('"finish_reason":"stop"');
    expect(text.trim().endsWith("data: [DONE]")).toBe(true);
  }

  database = await startPostgres({ dataDir, port: Number(new URL(database.url).port) });
  expect((await eventually(ask, ({ status }) => status === 200)).status).toBe(200);
  for (const { id } of finished) expect(await settledRow(id)).toMatchObject({ outcome: "completed", output_tokens: 3 });
  expect(app.process.exitCode).toBeNull();
  expect(await app.admin("money", "check")).toMatchObject({ ok: true, open_holds: "0" });
}, 60_000);

test("the database is frozen: nobody waits longer than the deadline, and it is as before when it thaws", async () => {
  const children = () => [postmaster(), ...backends()];
  const frozen = children();
  for (const pid of frozen) process.kill(pid, "SIGSTOP");
  try {
    const refused = await Promise.all(Array.from({ length: 5 }, () => ask()));
    for (const { status, ms } of refused) {
      expect(status).toBe(503);
      expect(ms).toBeLessThan(8_000);
    }
  } finally {
    for (const pid of frozen) process.kill(pid, "SIGCONT");
  }
  expect((await eventually(ask, ({ status }) => status === 200)).status).toBe(200);
  expect(await app.admin("money", "check")).toMatchObject({ ok: true });
}, 60_000);

/** The postmaster's processes: those that serve connections among them. */
function backends(): number[] {
  const tasks = `/proc/${postmaster()}/task/${postmaster()}/children`;
  return readFileSync(tasks, "utf8").trim().split(" ").filter(Boolean).map(Number);
}
