import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { listRefusals } from "@/db/queries/payments";
import {
  eventOf,
  eventsAbout,
  ledgerOf,
  newBuyer,
  type Payments,
  paymentOf,
  post,
  startPayments,
} from "../../tests/payments";
import { stripe } from "./stripe";

let payments: Payments;
const PREVIOUS = "whsec_theonebefore";

beforeAll(async () => {
  payments = await startPayments({ STRIPE_WEBHOOK_SECRET_PREVIOUS: PREVIOUS });
});

afterAll(() => payments.stop());

/** A session that was paid, and of which no webhook has told yet. */
async function paidSession(amountMinor = 1_000) {
  const buyer = await newBuyer();
  const { session: id, paymentId } = await buyer.checkout(amountMinor);
  payments.stripe.pauseWebhooks();
  payments.stripe.completeSession({ session: id });
  payments.stripe.resumeWebhooks({ deliverMissed: false });
  const session = await stripe().checkout.sessions.retrieve(id);
  return { buyer, id, paymentId, session, completed: eventOf("checkout.session.completed", session) };
}

const send = (event: object, signing: Partial<Parameters<typeof post>[2]> = {}) =>
  post(payments.webhookUrl, event, { secret: payments.stripe.webhookSecret, ...signing });

test("M-40: the same webhook a thousand times, fifty at once, is one credit", async () => {
  const { buyer, id } = await paidSession();
  const [event] = (await eventsAbout([id])).filter(({ type }) => type === "checkout.session.completed");
  const statuses = await payments.stripe.redeliver({ event: event?.id ?? "", times: 1_000, parallel: 50 });
  // On a machine that is overrun one may be told to come again, as Stripe does.
  expect(statuses.filter((status) => status !== 200 && status !== 500)).toEqual([]);
  expect(await payments.stripe.redeliver({ event: event?.id ?? "" })).toEqual([200]);
  expect(await ledgerOf(buyer.accountId)).toEqual(["topup 1000"]);
}, 180_000);

test("different events of one payment, all at once, are one credit", async () => {
  const { buyer, session } = await paidSession();
  const events = Array.from({ length: 20 }, (_, index) =>
    eventOf(index % 2 ? "checkout.session.completed" : "checkout.session.async_payment_succeeded", session),
  );
  await Promise.all([...events.map((event) => send(event)), buyer.confirm(session.id)]);
  expect(await ledgerOf(buyer.accountId)).toEqual(["topup 1000"]);
});

const seconds = () => Math.floor(Date.now() / 1000);

test.each<[string, (signed: { payload: string; header: string }) => Promise<number>]>([
  ["no header", ({ payload }) => post(payments.webhookUrl, payload, { secret: "-", header: null })],
  ["another's secret", ({ payload }) => post(payments.webhookUrl, payload, { secret: "whsec_guessed" })],
  ["the empty secret (CVE-2026-41432)", ({ payload, header }) => signedEmpty(payload, header)],
  [
    "a signature of 301 seconds ago",
    ({ payload }) =>
      post(payments.webhookUrl, payload, { secret: payments.stripe.webhookSecret, timestamp: seconds() - 302 }),
  ],
  [
    "one byte changed",
    ({ payload, header }) => post(payments.webhookUrl, payload.replace("1000", "1001"), { secret: "-", header }),
  ],
  [
    "only a v0 signature",
    ({ payload, header }) => post(payments.webhookUrl, payload, { secret: "-", header: header.replace("v1=", "v0=") }),
  ],
])("M-42: a forged webhook is turned away: %s", async (_name, forge) => {
  const { buyer, completed } = await paidSession();
  const payload = JSON.stringify(completed);
  const header = stripe().webhooks.generateTestHeaderString({ payload, secret: payments.stripe.webhookSecret });
  expect(await forge({ payload, header })).toBe(400);
  expect(await ledgerOf(buyer.accountId)).toEqual([]);
});

async function signedEmpty(payload: string, header: string) {
  const { createHmac } = await import("node:crypto");
  const [, timestamp] = /t=(\d+)/.exec(header) ?? [];
  const signature = createHmac("sha256", "").update(`${timestamp}.${payload}`).digest("hex");
  return post(payments.webhookUrl, payload, { secret: "-", header: `t=${timestamp},v1=${signature}` });
}

test("while the secret is changed, what the previous one signed is taken too", async () => {
  const { buyer, completed } = await paidSession();
  expect(await send(completed, { secret: PREVIOUS })).toBe(200);
  expect(await buyer.cents()).toBe(1_000);
});

test("an event of live money is turned away by a test key", async () => {
  const { buyer, completed } = await paidSession();
  expect(await send({ ...completed, livemode: true })).toBe(400);
  expect(await ledgerOf(buyer.accountId)).toEqual([]);
});

test("a body larger than 256 KiB is turned away before it is looked at", async () => {
  expect(await send({ ...eventOf("checkout.session.completed", {}), padding: "x".repeat(256 * 1024) })).toBe(413);
});

test("what is no JSON, though signed, is turned away", async () => {
  expect(await post(payments.webhookUrl, "{", { secret: payments.stripe.webhookSecret })).toBe(400);
});

type Session = Awaited<ReturnType<typeof paidSession>>["session"];

test.each<[string, string, (session: Session) => Promise<object> | object]>([
  ["less money", "amount", (session) => ({ ...session, amount_subtotal: 999, amount_total: 999 })],
  ["a total that is not the sum", "total", (session) => ({ ...session, amount_total: 1 })],
  ["another currency", "currency", (session) => ({ ...session, currency: "jpy" })],
  ["another customer", "customer", (session) => ({ ...session, customer: "cus_other" })],
  ["a session that was not made for it", "session", (session) => ({ ...session, id: "cs_other" })],
  ["a subscription", "mode", (session) => ({ ...session, mode: "subscription" })],
  ["a reference that a payment link was given", "reference", (session) => ({ ...session, client_reference_id: null })],
  ["no payment intent", "intent", (session) => ({ ...session, payment_intent: null })],
])("M-43: %s credits nothing, and says so on the payment's row", async (_name, refusal, change) => {
  const { buyer, session, paymentId } = await paidSession();
  expect(await send(eventOf("checkout.session.completed", await change(session)))).toBe(200);
  expect(await ledgerOf(buyer.accountId)).toEqual([]);
  expect(await paymentOf(paymentId)).toMatchObject({ status: "pending", refusal });
  expect(await listRefusals(db())).toContainEqual(expect.objectContaining({ kind: "payment", id: paymentId, refusal }));
  expect(await send(eventOf("checkout.session.completed", session))).toBe(200);
  expect(await paymentOf(paymentId)).toMatchObject({ status: "paid", refusal: null });
});

test("M-43: one account's money does not pay another's purchase", async () => {
  const [payer, other] = [await paidSession(), await paidSession()];
  const moved = { ...payer.session, metadata: other.session.metadata, client_reference_id: other.paymentId };
  expect(await send(eventOf("checkout.session.completed", moved))).toBe(200);
  expect(await ledgerOf(other.buyer.accountId)).toEqual([]);
  expect(await paymentOf(other.paymentId)).toMatchObject({ status: "pending", refusal: "session" });
});

test("one payment intent pays one purchase", async () => {
  const [first, second] = [await paidSession(), await paidSession()];
  await send(first.completed);
  await send(
    eventOf("checkout.session.completed", { ...second.session, payment_intent: first.session.payment_intent }),
  );
  expect(await ledgerOf(second.buyer.accountId)).toEqual([]);
  expect(await paymentOf(second.paymentId)).toMatchObject({ status: "pending", refusal: "intent" });
});

test("an auto top-up's event does not pay a checkout", async () => {
  const { buyer, session, paymentId } = await paidSession();
  const intent = await stripe().paymentIntents.retrieve(String(session.payment_intent));
  const metadata = { ...intent.metadata, kind: "auto" };
  expect(await send(eventOf("payment_intent.succeeded", { ...intent, metadata }))).toBe(200);
  expect(await ledgerOf(buyer.accountId)).toEqual([]);
  expect(await paymentOf(paymentId)).toMatchObject({ refusal: "kind" });
});

test("M-44: a bank transfer that is on its way credits nothing until it arrives", async () => {
  const buyer = await newBuyer();
  const { session, paymentId } = await buyer.checkout(1_000);
  payments.stripe.completeSession({ session, outcome: "bank" });
  await payments.stripe.webhooksSettled();
  expect(await paymentOf(paymentId)).toMatchObject({ status: "pending", refusal: null });
  expect(await buyer.confirm(session)).toMatchObject({ status: "pending" });
  payments.stripe.settlePayment({ session });
  await payments.stripe.webhooksSettled();
  expect(await ledgerOf(buyer.accountId)).toEqual(["topup 1000"]);
});

test("M-44: one that does not arrive never does", async () => {
  const buyer = await newBuyer();
  const { session, paymentId } = await buyer.checkout(1_000);
  payments.stripe.completeSession({ session, outcome: "bank" });
  payments.stripe.failPayment({ session });
  await payments.stripe.webhooksSettled();
  expect(await paymentOf(paymentId)).toMatchObject({ status: "failed" });
  expect(await ledgerOf(buyer.accountId)).toEqual([]);
});

test("a checkout that nobody paid expires; one that was paid does not", async () => {
  const buyer = await newBuyer();
  const { session, paymentId } = await buyer.checkout(1_000);
  payments.stripe.expireSession({ session });
  await payments.stripe.webhooksSettled();
  expect(await paymentOf(paymentId)).toMatchObject({ status: "expired" });
  const paid = await paidSession();
  await send(paid.completed);
  await send(eventOf("checkout.session.expired", paid.session));
  expect(await paymentOf(paid.paymentId)).toMatchObject({ status: "paid" });
});

test("events of what was not made here are taken, and move nothing", async () => {
  expect(await send(eventOf("checkout.session.completed", { id: "cs_1", metadata: {} }))).toBe(200);
  expect(await send(eventOf("checkout.session.completed", { id: "cs_1", metadata: { payment_id: "x" } }))).toBe(200);
  expect(await send(eventOf("payment_intent.succeeded", { id: "pi_1", metadata: {} }))).toBe(200);
  expect(await send(eventOf("refund.created", { id: "re_1", payment_intent: null }))).toBe(200);
  expect(await send(eventOf("customer.created", { id: "cus_1" }))).toBe(200);
});
