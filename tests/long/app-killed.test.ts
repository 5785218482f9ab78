import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { App, Customer } from "../app";
import { startApp } from "../app";
import { freshDatabase } from "../database";
import { type Line, startCuttingProxy } from "./cutting-proxy";
import { complete, eventually, startScriptedApp } from "./scripted-app";

const ROUNDS = Number(process.env.LONG_ROUNDS ?? 5);
/** 7 tokens at 1,000 nano-USD and 3 at 2,000. */
const BILL = 13_000;

/** The moments at which the app is killed, in the order in which a request passes them, and what may be charged for it then. */
const moments: [name: string, charges: number[]][] = [
  ["the key was found", [0]],
  ["the hold is sent", [0]],
  ["the hold is acknowledged", [0]],
  ["the upstream is called", [0]],
  ["the upstream answers", [0]],
  ["the first token came", [0]],
  ["half of it came", [0]],
  ["the usage came", [0, BILL]],
  ["the settlement is about to be sent", [0]],
  ["the settlement is sent", [BILL]],
  ["the settlement is acknowledged", [BILL]],
  ["the caller has it all", [0, BILL]],
];

let armed = "";
let app: App;
let customer: Customer;
let sql: postgres.Sql;
let proxy: Awaited<ReturnType<typeof startCuttingProxy>>;
let baseUrl: string;

/** Kills the app if this is the moment to; says whether it was. */
function reached(moment: string): boolean {
  if (armed !== moment) return false;
  armed = "";
  app.process.kill("SIGKILL");
  return true;
}

function watch(data: Buffer, line: Line) {
  if (customer && data.includes(customer.hash)) line.marked = "key";
  if (data.includes('"least"')) {
    line.marked = "hold";
    if (reached("the hold is sent")) return false;
  }
  if (data.includes('"cost_nano"')) {
    line.marked = "settlement";
    if (reached("the settlement is about to be sent")) return false;
    reached("the settlement is sent");
  }
  return true;
}

function watchAnswer(_: Buffer, line: Line) {
  const { marked } = line;
  line.marked = undefined;
  if (marked === "key") return !reached("the key was found");
  if (marked === "hold") return !reached("the hold is acknowledged");
  if (marked === "settlement") return !reached("the settlement is acknowledged");
  return true;
}

const chunk = (delta: object, rest: object = {}) =>
  `data: ${JSON.stringify({ id: "up-1", object: "chat.completion.chunk", created: 1, model: "up", choices: [{ index: 0, delta, finish_reason: null }], ...rest })}\n\n`;

async function answer(response: ServerResponse) {
  const pause = (moment: string) => sleep(30).then(() => reached(moment));
  reached("the upstream is called");
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
  await pause("the upstream answers");
  response.write(chunk({ content: "One " }));
  await pause("the first token came");
  response.write(chunk({ content: "two " }));
  await pause("half of it came");
  response.write(chunk({ content: "three" }));
  response.write(chunk({}, { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }));
  const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
  response.end(`${chunk({}, { choices: [], usage })}data: [DONE]\n\n`, () => reached("the usage came"));
}

const upstream = createServer((message, response) => {
  message.resume();
  message.on("end", () => void answer(response));
});

beforeAll(async () => {
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  baseUrl = `http://127.0.0.1:${(upstream.address() as { port: number }).port}/v1`;
  const database = await freshDatabase();
  sql = postgres(database, { max: 2, onnotice: () => {} });
  proxy = await startCuttingProxy(database, { fromClient: watch, fromServer: watchAnswer });
  app = await startScriptedApp(proxy.url, ["answers"], baseUrl);
  customer = await app.customer("10");
  await eventually(
    () => complete(app.url, customer.key, "test/answers", true),
    ({ status }) => status === 200,
  );
  // A key is remembered for five seconds: the first to be killed has to look it up.
  await sleep(6_000);
});

afterAll(async () => {
  await app.stop();
  upstream.closeAllConnections();
  upstream.close();
  await sql.end();
  await proxy.stop();
});

const charged = async () => {
  const [row] = await sql`
    select coalesce(-sum(amount_nano), 0)::int as nano from ledger where account_id = ${customer.accountId} and source = 'generation'`;
  return row?.nano as number;
};
const openHolds = async () =>
  (await sql`select count(*)::int as holds from holds where status = 'open'`)[0]?.holds as number;
const drift = () =>
  sql`select account_id::text from account_drift union all select key_id::text from key_drift union all select generation_id from usage_drift`;

/** Asks, is killed on the way, and starts again over the holds that were left, whose time is over by then. */
async function killAt(moment: string): Promise<number> {
  const before = await charged();
  armed = moment;
  const gone = once(app.process, "exit");
  const asked = complete(app.url, customer.key, "test/answers", true).catch(() => undefined);
  if (moment === "the caller has it all") {
    await asked;
    reached(moment);
  }
  const passedBy = asked.then(() => sleep(5_000)).then(() => Promise.reject(new Error(`${moment}: it was never so`)));
  await Promise.race([gone, passedBy]);
  passedBy.catch(() => {});
  await asked;
  await app.sql.end({ timeout: 1 });
  await eventually(
    async () =>
      (
        await sql`select count(*)::int as busy from pg_stat_activity where datname = current_database() and state = 'active' and pid <> pg_backend_pid()`
      )[0]?.busy,
    (busy) => busy === 0,
  );
  expect([...(await drift())]).toEqual([]);
  await sql`update holds set expires_at = now() - interval '1 second' where status = 'open'`;
  app = await startApp({ databaseUrl: proxy.url });
  await eventually(openHolds, (holds) => holds === 0);
  return (await charged()) - before;
}

test.each(moments)(
  `the app is killed ${ROUNDS} times when %s: no hold stays, and it is charged by the book`,
  async (moment, charges) => {
    const all: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      all.push(await killAt(moment));
      expect(await openHolds()).toBe(0);
      expect([...(await drift())]).toEqual([]);
    }
    console.log(`app killed when ${moment}: charged ${all.join(", ")} nano-USD`);
    expect(charges).toEqual(expect.arrayContaining([...new Set(all)]));
  },
);
