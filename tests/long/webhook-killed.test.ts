import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, eventually, startApp } from "../app";
import { eventsAbout, expectBooksToAddUp, ledgerOf, newBuyer, type Payments, startPayments } from "../payments";
import { startCuttingProxy } from "./cutting-proxy";

const ROUNDS = Number(process.env.LONG_ROUNDS ?? 5);

/** The moments at which the app is killed, in the order in which the news of a payment passes them, and the cents that may be credited then. */
const moments: [name: string, cents: number[]][] = [
  ["is about to be sent to the database", [0]],
  ["is sent to the database", [0, 1_000]],
  ["waits in the database for a lock", [1_000]],
  ["is written down, and nobody knows", [1_000]],
  ["is known to be written down", [1_000]],
  ["was answered with 200", [1_000]],
];

let armed = "";
let app: App;
let payments: Payments;
let proxy: Awaited<ReturnType<typeof startCuttingProxy>>;
let sql: postgres.Sql;

/** Kills the app if this is the moment to; says whether it was. */
function reached(moment: string): boolean {
  if (armed !== moment) return false;
  armed = "";
  app.process.kill("SIGKILL");
  return true;
}

async function start() {
  const { STRIPE_SECRET_KEY = "", STRIPE_WEBHOOK_SECRET = "", STRIPE_API_URL = "" } = process.env;
  app = await startApp({
    databaseUrl: proxy.url,
    env: { STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, STRIPE_API_URL },
  });
  payments.stripe.setWebhook({ url: `${app.url}/api/stripe/webhook`, secret: payments.stripe.webhookSecret });
}

beforeAll(async () => {
  payments = await startPayments();
  const database = process.env.DATABASE_URL ?? "";
  sql = postgres(database, { max: 2, onnotice: () => {} });
  proxy = await startCuttingProxy(database, {
    fromClient(data, line) {
      // By what the statement is told: its name is sent only once on each connection.
      if (!data.includes('"do":"credit"')) return true;
      line.marked = "news";
      if (reached("is about to be sent to the database")) return false;
      reached("is sent to the database");
      return true;
    },
    fromServer(_, line) {
      if (line.marked !== "news") return true;
      line.marked = undefined;
      if (reached("is written down, and nobody knows")) return false;
      reached("is known to be written down");
      return true;
    },
  });
  await start();
});

afterAll(async () => {
  await app.stop();
  await payments.stop();
  await sql.end();
  await proxy.stop();
});

const statements = (state: "active" | "waits") =>
  sql`select pid from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and state = 'active'
         and (${state === "active"} or (wait_event_type = 'Lock' and query like '%stripe_event_apply%'))`;

/** While somebody else has the payment's row, its credit waits; the app is killed then, and the row let go. */
async function killWaiting(paymentId: string, moment: string, pay: () => Promise<unknown>) {
  await sql.begin(async (other) => {
    await other`select 1 from payments where id = ${paymentId} for update`;
    await pay();
    await eventually(
      () => statements("waits"),
      ({ length }) => length > 0,
    );
    reached(moment);
    await once(app.process, "exit");
  });
}

/** Pays, is killed when the news comes, starts again, and is told the news twice more, at once. */
async function killAt(moment: string) {
  const buyer = await newBuyer();
  const { session, paymentId } = await buyer.checkout(1_000);
  const gone = once(app.process, "exit");
  armed = moment;
  const pay = async () => payments.stripe.completeSession({ session });
  if (moment === "waits in the database for a lock") await killWaiting(paymentId, moment, pay);
  else await pay();
  if (moment === "was answered with 200") {
    await payments.stripe.webhooksSettled();
    reached(moment);
  }
  const neverSo = sleep(20_000, undefined, { ref: false }).then(() => Promise.reject(new Error(`${moment}: never so`)));
  await Promise.race([gone, neverSo]);
  neverSo.catch(() => {});
  await app.sql.end({ timeout: 1 });
  await payments.stripe.webhooksSettled();
  await eventually(
    () => statements("active"),
    ({ length }) => length === 0,
  );
  const credited = await buyer.cents();
  await expectBooksToAddUp();
  const [news] = await eventsAbout([session]);
  if (news?.type !== "checkout.session.completed") throw new Error("nobody paid");
  // What was not answered is what Stripe brings again.
  const taken = payments.stripe.webhookLog().some(({ event, status }) => event === news.id && status === 200);
  expect(taken).toBe(moment === "was answered with 200");

  await start();
  expect(await payments.stripe.redeliver({ event: news.id, times: 2, parallel: 2 })).toEqual([200, 200]);
  return { account: buyer.accountId, credited };
}

test.each(moments)(
  `the app is killed ${ROUNDS} times when the news of a payment %s: told again, it credits once`,
  async (moment, cents) => {
    const before: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { account, credited } = await killAt(moment);
      before.push(credited);
      expect(await ledgerOf(account)).toEqual(["topup 1000"]);
      await expectBooksToAddUp();
    }
    console.log(
      `app killed when the news ${moment}: ${before.join(", ")} cents before it was told again, 1000 once after`,
    );
    expect(cents).toEqual(expect.arrayContaining([...new Set(before)]));
  },
);
