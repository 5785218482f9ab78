import { afterAll, beforeAll, expect, test } from "vitest";
import { db, moneyStatement } from "@/db/client";
import { freezeAccount, listFreezes, unfreezeAccount } from "@/db/queries/account-freezes";
import { creditAccount } from "@/db/queries/accounts";
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

let payments: Payments;

beforeAll(async () => {
  payments = await startPayments();
});

afterAll(() => payments.stop());

async function paid(amountMinor = 1_000, outcome: "card" | "bank" = "card") {
  const buyer = await newBuyer();
  const { session, paymentId } = await buyer.checkout(amountMinor);
  const { payment_intent } = payments.stripe.completeSession({ session, outcome });
  await payments.stripe.webhooksSettled();
  return { buyer, session, paymentId, intent: String(payment_intent) };
}

const settled = () => payments.stripe.webhooksSettled();

const orders = permutations(["completed", "async", "refund", "dispute"] as const);

test("there are 24 orders", () => expect(orders).toHaveLength(24));

test.each(orders)("M-41: %s, %s, %s, %s ends as every other order does", async (...order) => {
  payments.stripe.pauseWebhooks();
  const buyer = await newBuyer();
  const { session } = await buyer.checkout(1_000);
  const intent = String(payments.stripe.completeSession({ session, outcome: "bank" }).payment_intent);
  payments.stripe.settlePayment({ session });
  const refund = payments.stripe.refundFromDashboard({ payment_intent: intent, amount: 300 });
  const dispute = payments.stripe.openDispute({ payment_intent: intent, amount: 400 });
  payments.stripe.resumeWebhooks({ deliverMissed: false });
  const events = await eventsAbout([session, intent, refund.id, dispute.id]);
  const types = {
    completed: "checkout.session.completed",
    async: "checkout.session.async_payment_succeeded",
    refund: "refund.created",
    dispute: "charge.dispute.funds_withdrawn",
  };
  const ids = order.map((name) => events.find(({ type }) => type === types[name])?.id ?? "");
  expect(await payments.stripe.deliverInOrder({ events: ids })).toEqual([200, 200, 200, 200]);
  expect(await buyer.cents()).toBe(300);
  expect(await buyer.frozen()).toBe(true);
  expect((await ledgerOf(buyer.accountId)).sort()).toEqual(["dispute_hold -400", "refund -300", "topup 1000"]);
});

test("M-45: three refunds in part are booked once each, and one that fails gives back what it took", async () => {
  const { buyer, intent } = await paid();
  const refunds = [100, 250, 400].map((amount) =>
    payments.stripe.refundFromDashboard({ payment_intent: intent, amount }),
  );
  await settled();
  expect(await buyer.cents()).toBe(250);
  payments.stripe.failRefund({ refund: refunds[1]?.id ?? "" });
  await settled();
  for (const event of await eventsAbout([intent]))
    expect(await payments.stripe.redeliver({ event: event.id, times: 3 })).toEqual([200, 200, 200]);
  expect(await buyer.cents()).toBe(500);
  expect((await ledgerOf(buyer.accountId)).sort()).toEqual([
    "refund -100",
    "refund -250",
    "refund -400",
    "refund_reversed 250",
    "topup 1000",
  ]);
});

test("M-45: a refund that is told to have failed before it is told of at all moves nothing", async () => {
  const { buyer, intent } = await paid();
  const refund = { id: "re_backwards", payment_intent: intent, amount: 100, currency: "usd" };
  const send = (type: string, status: string) =>
    post(payments.webhookUrl, eventOf(type, { ...refund, status }), { secret: payments.stripe.webhookSecret });
  await send("refund.failed", "failed");
  await send("refund.created", "pending");
  await send("refund.updated", "succeeded");
  expect(await ledgerOf(buyer.accountId)).toEqual(["topup 1000"]);
});

test("M-45: a refund of more than was paid is not booked", async () => {
  const { buyer, intent } = await paid();
  const refund = { id: "re_too_much", payment_intent: intent, amount: 1_001, currency: "usd", status: "succeeded" };
  const signing = { secret: payments.stripe.webhookSecret };
  expect(await post(payments.webhookUrl, eventOf("refund.created", refund), signing)).toBe(200);
  expect(await ledgerOf(buyer.accountId)).toEqual(["topup 1000"]);
});

test("what was spent meanwhile is owed: the balance falls below zero and nothing is served", async () => {
  const { buyer, intent } = await paid();
  await creditAccount(buyer.accountId, {
    amount: -6_000_000_000n,
    kind: "adjustment",
    source: "test",
    sourceId: intent,
  });
  payments.stripe.refundFromDashboard({ payment_intent: intent });
  await settled();
  expect(await buyer.cents()).toBe(-600);
});

test("M-46: an inquiry moves nothing and freezes nobody", async () => {
  const { buyer, intent } = await paid();
  const { id } = payments.stripe.openDispute({ payment_intent: intent, inquiry: true });
  await settled();
  expect([await buyer.cents(), await buyer.frozen()]).toEqual([1_000, false]);
  payments.stripe.closeDispute({ dispute: id, outcome: "warning_closed" });
  await settled();
  expect([await buyer.cents(), await buyer.frozen()]).toEqual([1_000, false]);
});

test("M-46: a dispute takes the money and freezes the account; won, both come back", async () => {
  const { buyer, intent } = await paid();
  const { id } = payments.stripe.openDispute({ payment_intent: intent, amount: 700 });
  await settled();
  expect([await buyer.cents(), await buyer.frozen()]).toEqual([300, true]);
  payments.stripe.closeDispute({ dispute: id, outcome: "won" });
  await settled();
  expect([await buyer.cents(), await buyer.frozen()]).toEqual([1_000, false]);
  expect(await ledgerOf(buyer.accountId)).toEqual(["topup 1000", "dispute_hold -700", "dispute_won 700"]);
});

test("M-46: lost, both stay", async () => {
  const { buyer, intent } = await paid();
  const { id } = payments.stripe.openDispute({ payment_intent: intent });
  payments.stripe.closeDispute({ dispute: id, outcome: "lost" });
  await settled();
  expect([await buyer.cents(), await buyer.frozen()]).toEqual([0, true]);
});

test("M-46: the money given back is told of first, and the account does not stay frozen", async () => {
  const { buyer, intent } = await paid();
  payments.stripe.pauseWebhooks();
  const { id } = payments.stripe.openDispute({ payment_intent: intent });
  payments.stripe.closeDispute({ dispute: id, outcome: "won" });
  payments.stripe.resumeWebhooks({ deliverMissed: false });
  const events = (await eventsAbout([id])).reverse().map((event) => event.id);
  await payments.stripe.deliverInOrder({ events });
  expect([await buyer.cents(), await buyer.frozen()]).toEqual([1_000, false]);
});

test("a dispute that is won lifts its own freeze and no other", async () => {
  const { buyer, intent } = await paid();
  const operator = { reason: "operator", source: "test" } as const;
  await freezeAccount(buyer.accountId, operator);
  const { id } = payments.stripe.openDispute({ payment_intent: intent });
  await settled();
  expect(await listFreezes(db(), buyer.accountId)).toHaveLength(2);
  payments.stripe.closeDispute({ dispute: id, outcome: "won" });
  await settled();
  expect(await listFreezes(db(), buyer.accountId)).toMatchObject([operator]);
  expect(await buyer.frozen()).toBe(true);
});

test("a freeze that the operator has lifted does not come back with later news of the same payment", async () => {
  const { buyer, intent } = await paid();
  const { id } = payments.stripe.openDispute({ payment_intent: intent, amount: 500 });
  payments.stripe.closeDispute({ dispute: id, outcome: "lost" });
  await settled();
  await unfreezeAccount(buyer.accountId, { reason: "dispute", source: id });
  const refund = { id: "re_later", payment_intent: intent, amount: 100, currency: "usd", status: "succeeded" };
  await post(payments.webhookUrl, eventOf("refund.created", refund), { secret: payments.stripe.webhookSecret });
  expect([await buyer.cents(), await buyer.frozen()]).toEqual([400, false]);
});

test("all of the money back is all of the credits back, and never more, where a fee was paid on top", async () => {
  const { buyer, intent, paymentId } = await paid();
  // As a purchase with a fee of 7 cents is written: 1,007 were paid.
  await moneyStatement((sql) => sql`update payments set fee_minor = 7 where id = ${paymentId}`);
  const refund = { payment_intent: intent, currency: "usd", status: "succeeded" };
  const signing = { secret: payments.stripe.webhookSecret };
  for (const [id, amount] of [
    ["re_a", 335],
    ["re_b", 336],
    ["re_c", 336],
  ] as const)
    await post(payments.webhookUrl, eventOf("refund.created", { ...refund, id: `${id}${intent}`, amount }), signing);
  expect(await buyer.cents()).toBeGreaterThanOrEqual(0);
  expect(await buyer.cents()).toBeLessThan(0.000001);
  expect((await paymentOf(paymentId))?.status).toBe("paid");
});

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}
