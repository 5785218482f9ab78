import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { sessionFor, standInForTest } from "./stripe-in-test";

type Setting = Awaited<ReturnType<typeof standInForTest>>;

/** The payment intent of a session that was paid by card. */
async function paidIntent({ standIn, stripe }: Setting, cents: number) {
  const session = await stripe.checkout.sessions.create(sessionFor(cents));
  return standIn.completeSession({ session: session.id }).payment_intent as string;
}

async function customerWithCard(
  { standIn, stripe }: Setting,
  behaviour: "succeeds" | "declines" | "needs_authentication",
) {
  const { id: customer } = await stripe.customers.create({ email: "ada@example.com" });
  return { customer, payment_method: standIn.attachCard({ customer, behaviour }).id };
}

const typesSince = async (stripe: Stripe, count: number) =>
  (await stripe.events.list({ limit: count })).data.map(({ type }) => type).reverse();

describe("a payment with a saved card while its owner is away", () => {
  const offSession = { amount: 2000, currency: "usd", off_session: true, confirm: true };

  it("succeeds with a card that works", async () => {
    const setting = await standInForTest();
    const card = await customerWithCard(setting, "succeeds");
    const intent = await setting.stripe.paymentIntents.create({ ...offSession, ...card, metadata: { topup: "1" } });
    expect(intent).toMatchObject({ status: "succeeded", amount_received: 2000, metadata: { topup: "1" } });
    const charge = await setting.stripe.charges.retrieve(intent.latest_charge as string);
    expect(charge).toMatchObject({ paid: true, payment_intent: intent.id, customer: card.customer });
    expect(await typesSince(setting.stripe, 3)).toEqual([
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.succeeded",
    ]);
  });

  it.each([
    ["declines", "card_declined", "generic_decline"],
    ["needs_authentication", "authentication_required", "authentication_required"],
  ] as const)("is refused with a card that %s", async (behaviour, code, declineCode) => {
    const setting = await standInForTest();
    const card = await customerWithCard(setting, behaviour);
    const attempt = () =>
      setting.stripe.paymentIntents.create({ ...offSession, ...card }, { idempotencyKey: "topup_1" });
    const error = await attempt().catch((thrown) => thrown);
    expect(error).toMatchObject({
      type: "StripeCardError",
      statusCode: 402,
      code,
      decline_code: declineCode,
      payment_intent: { status: "requires_payment_method", last_payment_error: { code } },
      payment_method: { id: card.payment_method },
    });
    const again = await attempt().catch((thrown) => thrown);
    expect(again.payment_intent.id).toBe(error.payment_intent.id);
    expect((await setting.stripe.paymentIntents.list({ customer: card.customer })).data).toHaveLength(1);
    expect(await typesSince(setting.stripe, 2)).toEqual(["charge.failed", "payment_intent.payment_failed"]);
  });

  it("goes through with authentication while he is there", async () => {
    const setting = await standInForTest();
    const card = await customerWithCard(setting, "needs_authentication");
    const intent = await setting.stripe.paymentIntents.create({ amount: 2000, currency: "usd", ...card });
    expect(intent.status).toBe("requires_confirmation");
    expect((await setting.stripe.paymentIntents.confirm(intent.id)).status).toBe("succeeded");
    await expect(setting.stripe.paymentIntents.confirm(intent.id)).rejects.toMatchObject({
      code: "payment_intent_unexpected_state",
    });
    await expect(setting.stripe.paymentIntents.cancel(intent.id)).rejects.toMatchObject({ statusCode: 400 });
  });

  it("is refused with somebody else's card, and with one that was taken away", async () => {
    const setting = await standInForTest();
    const [mine, other] = [await customerWithCard(setting, "succeeds"), await customerWithCard(setting, "succeeds")];
    const { stripe } = setting;
    const mixed = { ...offSession, customer: mine.customer, payment_method: other.payment_method };
    await expect(stripe.paymentIntents.create(mixed)).rejects.toMatchObject({ param: "payment_method" });
    await stripe.paymentMethods.detach(mine.payment_method);
    await expect(stripe.paymentIntents.create({ ...offSession, ...mine })).rejects.toMatchObject({ statusCode: 400 });
    await expect(stripe.paymentMethods.attach(mine.payment_method, { customer: mine.customer })).rejects.toThrow();
    expect((await stripe.charges.list()).data).toEqual([]);
  });
});

describe("a refund", () => {
  it("may be partial, until nothing is left", async () => {
    const setting = await standInForTest();
    const { stripe, standIn } = setting;
    const payment_intent = await paidIntent(setting, 1000);
    const first = await stripe.refunds.create({ payment_intent, amount: 300, metadata: { why: "test" } });
    expect(first).toMatchObject({ status: "succeeded", amount: 300, payment_intent, metadata: { why: "test" } });
    standIn.refundFromDashboard({ payment_intent, amount: 200 });
    await expect(stripe.refunds.create({ payment_intent, amount: 501 })).rejects.toMatchObject({ param: "amount" });
    await expect(stripe.refunds.create({ payment_intent, amount: 0 })).rejects.toMatchObject({ param: "amount" });
    expect((await stripe.refunds.create({ payment_intent })).amount).toBe(500);
    await expect(stripe.refunds.create({ payment_intent })).rejects.toMatchObject({ code: "charge_already_refunded" });
    const [charge] = (await stripe.charges.list({ payment_intent, expand: ["data.refunds"] })).data;
    expect(charge).toMatchObject({ amount_refunded: 1000, refunded: true });
    expect(charge?.refunds?.data.map(({ amount }) => amount)).toEqual([500, 200, 300]);
    expect((await stripe.refunds.list({ payment_intent })).data).toHaveLength(3);
    expect(await typesSince(stripe, 2)).toEqual(["refund.created", "charge.refunded"]);
  });

  it("can fail days later, and gives the money back to the books", async () => {
    const setting = await standInForTest();
    const { stripe, standIn } = setting;
    const payment_intent = await paidIntent(setting, 1000);
    const { id } = await stripe.refunds.create({ payment_intent });
    standIn.failRefund({ refund: id });
    const failed = await stripe.refunds.retrieve(id, { expand: ["failure_balance_transaction"] });
    expect(failed).toMatchObject({
      status: "failed",
      failure_reason: "expired_or_canceled_card",
      failure_balance_transaction: { amount: 1000, type: "refund_failure" },
    });
    expect((await stripe.charges.list({ payment_intent })).data[0]).toMatchObject({
      amount_refunded: 0,
      refunded: false,
    });
    expect(() => standIn.failRefund({ refund: id })).toThrow("already");
    expect(await typesSince(stripe, 2)).toEqual(["refund.updated", "refund.failed"]);
  });

  it("is impossible before the payment", async () => {
    const { stripe } = await standInForTest();
    const intent = await stripe.paymentIntents.create({ amount: 500, currency: "usd" });
    await expect(stripe.refunds.create({ payment_intent: intent.id })).rejects.toMatchObject({ statusCode: 400 });
    await expect(stripe.refunds.create({})).rejects.toMatchObject({ statusCode: 400 });
  });
});

describe("a dispute", () => {
  it.each([
    ["won", ["charge.dispute.closed", "charge.dispute.funds_reinstated"], [-1000, 1000]],
    ["lost", ["charge.dispute.closed"], [-1000]],
  ] as const)("takes the money and can be %s", async (outcome, ends, amounts) => {
    const setting = await standInForTest();
    const { stripe, standIn } = setting;
    const payment_intent = await paidIntent(setting, 1000);
    const opened = standIn.openDispute({ payment_intent });
    expect(opened).toMatchObject({ status: "needs_response", payment_intent, amount: 1000 });
    expect(await typesSince(stripe, 2)).toEqual(["charge.dispute.created", "charge.dispute.funds_withdrawn"]);
    await expect(stripe.refunds.create({ payment_intent })).rejects.toMatchObject({ code: "charge_disputed" });
    standIn.closeDispute({ dispute: opened.id, outcome });
    const closed = await stripe.disputes.retrieve(opened.id);
    expect(closed.status).toBe(outcome);
    expect(closed.balance_transactions.map(({ amount }) => amount)).toEqual(amounts);
    expect(await typesSince(stripe, ends.length)).toEqual(ends);
    expect((await stripe.disputes.list({ payment_intent })).data).toHaveLength(1);
    expect(() => standIn.closeDispute({ dispute: opened.id, outcome })).toThrow("closed");
  });

  it("may begin as an inquiry, which moves nothing and can become real", async () => {
    const setting = await standInForTest();
    const { stripe, standIn } = setting;
    const payment_intent = await paidIntent(setting, 1000);
    const inquiry = standIn.openDispute({ payment_intent, inquiry: true });
    expect(inquiry).toMatchObject({ status: "warning_needs_response", balance_transactions: [] });
    expect((await stripe.charges.list({ payment_intent })).data[0]?.disputed).toBe(false);
    expect(standIn.withdrawFunds({ dispute: inquiry.id }).status).toBe("needs_response");
    expect((await stripe.charges.list({ payment_intent })).data[0]?.disputed).toBe(true);
    expect(await typesSince(stripe, 2)).toEqual(["charge.dispute.updated", "charge.dispute.funds_withdrawn"]);
    const other = standIn.openDispute({ payment_intent: await paidIntent(setting, 700), inquiry: true });
    expect(standIn.closeDispute({ dispute: other.id, outcome: "warning_closed" }).balance_transactions).toEqual([]);
  });

  it("is answered with evidence", async () => {
    const setting = await standInForTest();
    const { stripe, standIn } = setting;
    const { id } = standIn.openDispute({ payment_intent: await paidIntent(setting, 1000) });
    const answered = await stripe.disputes.update(id, { evidence: { uncategorized_text: "He asked for it." } });
    expect(answered).toMatchObject({ status: "under_review", evidence: { uncategorized_text: "He asked for it." } });
  });
});

describe("the balance transactions", () => {
  it("add up to what came in, went back and was disputed", async () => {
    const setting = await standInForTest();
    const { stripe, standIn } = setting;
    const intents = [await paidIntent(setting, 1000), await paidIntent(setting, 2000), await paidIntent(setting, 4000)];
    await stripe.refunds.create({ payment_intent: intents[0], amount: 250 });
    standIn.openDispute({ payment_intent: intents[1] });
    const all = (await stripe.balanceTransactions.list({ limit: 100 })).data;
    const sumOf = (category: string) =>
      all.filter((one) => one.reporting_category === category).reduce((sum, one) => sum + one.amount, 0);
    expect([sumOf("charge"), sumOf("refund"), sumOf("dispute")]).toEqual([7000, -250, -2000]);
    expect(all.find((one) => one.reporting_category === "dispute")?.fee).toBe(1500);
    for (const { amount, fee, net } of all) expect(net).toBe(amount - fee);
    const charge = (await stripe.charges.list({ payment_intent: intents[2] })).data[0];
    const [only] = (await stripe.balanceTransactions.list({ source: charge?.id, expand: ["data.source"] })).data;
    expect(only).toMatchObject({ status: "pending", source: { id: charge?.id, object: "charge" } });
  });
});
