import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { App, Customer } from "../app";
import type { ScriptedUpstream } from "../scripted-upstream";
import { ownPostgres } from "./own-postgres";
import { complete, eventually, percentile, startScriptedApp, startScriptedUpstream } from "./scripted-app";

const KILLS = Number(process.env.LONG_KILLS ?? 100);
const CALLERS = 16;

let database: Awaited<ReturnType<typeof ownPostgres>>;
let upstream: ScriptedUpstream;
let app: App;
let customer: Customer;

beforeAll(async () => {
  database = await ownPostgres();
  upstream = await startScriptedUpstream();
  app = await startScriptedApp(database.url, ["answers", "three-seconds"], upstream.baseUrl);
  customer = await app.customer("1000");
  await eventually(ask, ({ status }) => status === 200);
});

afterAll(async () => {
  await app.stop();
  await upstream.stop();
  await database.stop();
});

const ask = () => complete(app.url, customer.key, "test/answers");

/** Looks with a connection of the moment: others die with the server. */
async function query<T>(read: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(database.url, { max: 1, onnotice: () => {} });
  return read(sql).finally(() => sql.end());
}

test(`the database is killed ${KILLS} times under load: the app lives, and every answer it gave is charged once`, async () => {
  const answered: string[] = [];
  const statuses = new Map<number, number>();
  let done = false;
  const callers = Array.from({ length: CALLERS }, async () => {
    while (!done) {
      const { status, id } = await ask();
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status === 200) answered.push(id);
      else await sleep(50);
    }
  });
  const recovered: number[] = [];
  for (let round = 0; round < KILLS; round++) {
    await sleep(300 + Math.random() * 400);
    await database.kill();
    await sleep(Math.random() * 300);
    await database.restart();
    const up = performance.now();
    await eventually(ask, ({ status }) => status === 200);
    recovered.push(performance.now() - up);
    expect(app.process.exitCode).toBeNull();
  }
  done = true;
  await Promise.all(callers);

  const charged = await eventually(
    () =>
      query(
        (sql) => sql`
          select count(*)::int as rows, count(distinct g.id)::int as ids, sum(g.cost_nano)::text as log, sum(l.total)::text as ledger
            from generations g left join (select source_id, -sum(amount_nano) as total from ledger where source = 'generation' group by 1) l on l.source_id = g.id
           where g.id = any (${answered})`,
      ),
    ([row]) => row?.ids === answered.length,
  );
  console.log(
    `database killed ${KILLS} times: ${answered.length} answers, statuses ${JSON.stringify([...statuses])}, ` +
      `back after p50 ${Math.round(percentile(recovered, 0.5))} ms, p99 ${Math.round(percentile(recovered, 0.99))} ms`,
  );
  // 7 tokens at 1,000 nano-USD and 3 at 2,000.
  const total = String(13_000 * answered.length);
  expect(charged[0]).toEqual({ rows: answered.length, ids: answered.length, log: total, ledger: total });
  expect(percentile(recovered, 0.99)).toBeLessThan(10_000);
  expect([...statuses.keys()].sort()).toEqual([200, 503]);
  await query((sql) => sql`update holds set expires_at = now() - interval '1 second' where status = 'open'`);
  await eventually(
    () => query((sql) => sql`select holds_expire(1000)`),
    ([row]) => row?.holds_expire === 0,
  );
  expect(await app.admin("money", "check")).toMatchObject({ ok: true, open_holds: "0" });
});

test("the database is frozen for 30 s: nobody waits longer than a deadline, running streams end, and are settled when it thaws", async () => {
  const streams = Array.from({ length: 10 }, () => complete(app.url, customer.key, "test/three-seconds", true));
  await sleep(1_000);
  const thaw = database.freeze();
  const until = performance.now() + 30_000;
  const answers: { status: number; ms: number }[] = [];
  try {
    const callers = Array.from({ length: CALLERS }, async () => {
      while (performance.now() < until - 8_000) answers.push(await ask());
    });
    const ended = await Promise.all(streams);
    for (const { status, text } of ended) {
      expect(status).toBe(200);
      expect(text.trim().endsWith("data: [DONE]")).toBe(true);
    }
    await Promise.all(callers);
    await sleep(Math.max(0, until - performance.now()));
  } finally {
    thaw();
  }
  const begun = performance.now();
  await eventually(ask, ({ status }) => status === 200);
  const back = performance.now() - begun;
  const slowest = Math.max(...answers.map(({ ms }) => ms));
  console.log(
    `database frozen for 30 s: ${answers.length} requests, slowest ${Math.round(slowest)} ms, back ${Math.round(back)} ms after the thaw`,
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
  expect(slowest).toBeLessThan(8_000);
  const ids = (await Promise.all(streams)).map(({ id }) => id);
  const rows = await eventually(
    () => query((sql) => sql`select outcome from generations where id = any (${ids})`),
    ({ length }) => length === ids.length,
  );
  expect(rows.map(({ outcome }) => outcome)).toEqual(Array(ids.length).fill("completed"));
  expect(app.process.exitCode).toBeNull();
});
