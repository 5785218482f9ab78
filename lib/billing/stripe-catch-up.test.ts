import { afterAll, beforeAll, expect, test } from "vitest";
import { moneyStatement } from "@/db/client";
import { ledgerOf, newBuyer, type Payments, startPayments } from "../../tests/payments";
import { compareWithStripe } from "./stripe-books";
import { catchUp } from "./stripe-catch-up";

let payments: Payments;
const DAY_MS = 24 * 60 * 60_000;
/** How long ago it is at Stripe. */
let agoMs = 0;

beforeAll(async () => {
  payments = await startPayments({}, () => Date.now() - agoMs);
});

afterAll(() => payments.stop());

const compare = () => compareWithStripe(new Date(Date.now() - DAY_MS), new Date(Date.now() + 1_000), 0);

test("M-48: a hundred payments of which no webhook told are credited by the catch-up, and Stripe's balance agrees", async () => {
  payments.stripe.pauseWebhooks();
  const buyers = await Promise.all(Array.from({ length: 100 }, newBuyer));
  const intents: string[] = [];
  for (const buyer of buyers) {
    const { session } = await buyer.checkout(1_000);
    intents.push(String(payments.stripe.completeSession({ session }).payment_intent));
  }
  payments.stripe.refundFromDashboard({ payment_intent: intents[0] ?? "", amount: 300 });
  payments.stripe.openDispute({ payment_intent: intents[1] ?? "" });
  payments.stripe.resumeWebhooks({ deliverMissed: false });
  expect((await compare()).differences).toHaveLength(100);

  const done = await catchUp({ now: true });
  expect(done).toMatchObject({ failed: 0 });
  expect(done?.processed).toBe(done?.listed);
  const balances = await Promise.all(buyers.map(({ cents }) => cents()));
  expect(balances).toEqual([700, 0, ...Array(98).fill(1_000)]);
  expect(await compare()).toEqual({ compared: 102, differences: [] });

  expect(await catchUp({ now: true })).toMatchObject({ processed: 0, failed: 0 });
  expect(await ledgerOf(buyers[0]?.accountId ?? "")).toEqual(["topup 1000", "refund -300"]);
}, 180_000);

test("of the processes that want to catch up, one does, once in a quarter of an hour", async () => {
  await moneyStatement((sql) => sql`update stripe_catch_up set started_at = now() - interval '16 minutes'`);
  const done = await Promise.all(Array.from({ length: 10 }, () => catchUp()));
  expect(done.filter((one) => one !== undefined)).toHaveLength(1);
});

test("a credit that Stripe's balance does not have is found", async () => {
  const buyer = await newBuyer();
  await moneyStatement(
    (sql) => sql`
      insert into payments (account_id, expected_amount_minor, customer_id, checkout_session_id)
        values (${buyer.accountId}, 500, 'cus_made_up', 'cs_made_up')`,
  );
  await moneyStatement(
    (sql) => sql`
      select payment_credit(id, jsonb_build_object('kind', 'checkout', 'session', 'cs_made_up', 'reference', id, 'mode', 'payment',
        'payment_status', 'paid', 'currency', 'usd', 'subtotal', 500, 'total', 500, 'tax', 0, 'customer', 'cus_made_up', 'intent', 'pi_made_up'))
        from payments where checkout_session_id = 'cs_made_up'`,
  );
  expect((await compare()).differences).toEqual([
    { kind: "topup", id: "pi_made_up", stripeMinor: null, ourMinor: 500n },
  ]);
});

test("a server that was away for a week credits what was paid in it, and what could not be done is looked for again", async () => {
  const buyer = await newBuyer();
  payments.stripe.pauseWebhooks();
  agoMs = 6 * DAY_MS;
  const { session } = await buyer.checkout(1_000);
  payments.stripe.completeSession({ session });
  agoMs = 0;
  payments.stripe.resumeWebhooks({ deliverMissed: false });
  await moneyStatement((sql) => sql`update stripe_catch_up set done_until = now() - interval '7 days'`);

  await moneyStatement((sql) => sql`alter table payments add constraint unwell check (status <> 'paid') not valid`);
  expect((await catchUp({ now: true }))?.failed).toBeGreaterThan(0);
  await moneyStatement((sql) => sql`alter table payments drop constraint unwell`);
  expect(await catchUp({ now: true })).toMatchObject({ failed: 0 });
  expect(await ledgerOf(buyer.accountId)).toEqual(["topup 1000"]);

  const listed = (await catchUp({ now: true }))?.listed ?? 0;
  await moneyStatement((sql) => sql`update stripe_catch_up set done_until = now() - interval '7 days'`);
  expect((await catchUp({ now: true }))?.listed).toBeGreaterThan(listed);
});
