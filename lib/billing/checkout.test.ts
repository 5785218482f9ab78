import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { listPayments } from "@/db/queries/payments";
import { findStripeCustomer } from "@/db/queries/stripe-customers";
import { ledgerOf, newBuyer, type Payments, paymentOf, startPayments } from "../../tests/payments";
import { stripe } from "./stripe";
import { forgetCustomer, renameCustomer } from "./stripe-customer";

let payments: Payments;

beforeAll(async () => {
  payments = await startPayments({ TOP_UP_FEE_BASIS_POINTS: "550" });
});

afterAll(() => payments.stop());

test("a checkout that is paid is credited once: by the webhook, and not again when its user comes back", async () => {
  const buyer = await newBuyer();
  const { session, paymentId, url } = await buyer.checkout(1_000);
  expect(url).toMatch(/^http/);
  expect(await buyer.cents()).toBe(0);
  payments.stripe.completeSession({ session });
  await payments.stripe.webhooksSettled();
  expect(await buyer.cents()).toBe(1_000);
  expect(await buyer.confirm(session)).toMatchObject({ status: "paid", creditedNano: 10_000_000_000n });
  expect(await ledgerOf(buyer.accountId)).toEqual(["topup 1000"]);
  const [payment] = await listPayments(db(), buyer.accountId);
  expect(payment).toMatchObject({ id: paymentId, feeMinor: 55, status: "paid", createdBy: buyer.userId });
  expect(payment?.receiptUrl).toMatch(/^http/);
  expect(payment?.invoiceUrl).toMatch(/^http/);
});

test("a webhook that is lost is not felt: coming back credits, and the webhook that comes after all does not", async () => {
  const buyer = await newBuyer();
  const { session } = await buyer.checkout(2_500);
  payments.stripe.pauseWebhooks();
  payments.stripe.completeSession({ session });
  expect(await buyer.confirm(session)).toMatchObject({ status: "paid" });
  expect(await buyer.cents()).toBe(2_500);
  payments.stripe.resumeWebhooks();
  await payments.stripe.webhooksSettled();
  expect(await ledgerOf(buyer.accountId)).toEqual(["topup 2500"]);
});

test("coming back without having paid credits nothing", async () => {
  const buyer = await newBuyer();
  const { session } = await buyer.checkout(1_000);
  expect(await buyer.confirm(session)).toMatchObject({ status: "pending" });
  expect(await buyer.cents()).toBe(0);
});

test("another account's checkout is not there, and crediting it stays with its owner", async () => {
  const [owner, other] = [await newBuyer(), await newBuyer()];
  const { session } = await owner.checkout(1_000);
  payments.stripe.pauseWebhooks();
  payments.stripe.completeSession({ session });
  expect(await other.confirm(session)).toBeUndefined();
  expect([await owner.cents(), await other.cents()]).toEqual([0, 0]);
  payments.stripe.resumeWebhooks();
  await payments.stripe.webhooksSettled();
  expect([await owner.cents(), await other.cents()]).toEqual([1_000, 0]);
});

test.each([-500, 499, 1_000_001, 500.5, Number.NaN, Number.POSITIVE_INFINITY, "500", null, { cents: 500 }, 500n])(
  "an amount that a browser makes up is refused: %s",
  async (amount) => {
    const buyer = await newBuyer();
    await expect(buyer.checkout(amount as number)).rejects.toMatchObject({ type: "invalid_request" });
    expect(await listPayments(db(), buyer.accountId)).toEqual([]);
  },
);

test("Stripe is asked for the credits and the fee, once, with the payment's own key", async () => {
  const buyer = await newBuyer();
  const { paymentId } = await buyer.checkout(10_001);
  const asked = payments.stripe
    .requests()
    .filter(({ path, method }) => method === "POST" && path === "/v1/checkout/sessions");
  const request = asked.at(-1);
  expect(request?.idempotencyKey).toBe(`pay_${paymentId}`);
  expect(request?.params).toMatchObject({ client_reference_id: paymentId, metadata: { payment_id: paymentId } });
  expect(await paymentOf(paymentId)).toMatchObject({ expectedAmountMinor: 10_001, feeMinor: 551 });
});

test("two purchases that begin at once have one customer", async () => {
  const buyer = await newBuyer();
  const [one, two] = await Promise.all([buyer.checkout(500), buyer.checkout(500)]);
  const rows = await Promise.all([paymentOf(one.paymentId), paymentOf(two.paymentId)]);
  expect(rows[0]?.customerId).toBe(rows[1]?.customerId);
});

test("where Stripe does not answer, the purchase has not begun and its user is told", async () => {
  const buyer = await newBuyer();
  await buyer.checkout(500);
  payments.stripe.dropAnswers({ times: 3, path: "/v1/checkout" });
  await expect(buyer.checkout(700)).rejects.toMatchObject({ type: "service_unavailable" });
  const [latest] = await listPayments(db(), buyer.accountId);
  expect(latest).toMatchObject({ expectedAmountMinor: 700, status: "failed" });
});

test("nobody begins purchases without end", async () => {
  const buyer = await newBuyer();
  for (let begun = 0; begun < 20; begun++) await buyer.checkout(500);
  await expect(buyer.checkout(500)).rejects.toMatchObject({ type: "rate_limit_exceeded" });
});

test("Stripe learns of another address, and that an account is gone", async () => {
  const buyer = await newBuyer();
  await buyer.checkout(1_000);
  const customer = (await findStripeCustomer(db(), buyer.accountId)) ?? "";
  await renameCustomer(buyer.accountId, "new@example.com");
  expect(await stripe().customers.retrieve(customer)).toMatchObject({ email: "new@example.com" });
  await forgetCustomer(buyer.accountId);
  expect(await stripe().customers.retrieve(customer)).toEqual(expect.objectContaining({ id: customer, deleted: true }));
  expect(JSON.stringify(await stripe().customers.list())).not.toContain("new@example.com");
});
