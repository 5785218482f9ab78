import { afterAll, beforeAll, expect, test } from "vitest";
import { db, moneyStatement } from "@/db/client";
import { creditAccount } from "@/db/queries/accounts";
import { listPayments } from "@/db/queries/payments";
import { eventsAbout, ledgerOf, newBuyer, type Payments, startPayments } from "../../tests/payments";
import { runAutoTopUps } from "./auto-top-up";
import { autoTopUpState, setAutoTopUp, switchOffAutoTopUp } from "./auto-top-up-settings";
import { listSavedCards } from "./saved-cards";
import { customerOf } from "./stripe-customer";

let payments: Payments;

beforeAll(async () => {
  payments = await startPayments({ TOP_UP_FEE_BASIS_POINTS: "100" });
});

afterAll(() => payments.stop());

type Behaviour = NonNullable<Parameters<Payments["stripe"]["attachCard"]>[0]["behaviour"]>;

/** Tops up by $20 below $10, at most $50 a day. */
async function toppedUp(behaviour: Behaviour = "succeeds", cap = 5_000) {
  const buyer = await newBuyer();
  const { id: card } = payments.stripe.attachCard({ customer: await customerOf(buyer.accountId), behaviour });
  const wish = { threshold: "10", amountMinor: 2_000, dailyCapMinor: cap, paymentMethodId: card };
  await setAutoTopUp(buyer.accountId, wish);
  let spent = 0;
  return {
    ...buyer,
    wish,
    state: () => autoTopUpState(buyer.accountId),
    /** US cents. */
    spend: (cents: number) =>
      creditAccount(buyer.accountId, {
        amount: BigInt(-cents) * 10_000_000n,
        kind: "adjustment",
        source: "test",
        sourceId: `${buyer.accountId} ${spent++}`,
      }),
    charges: async () =>
      payments.stripe
        .requests()
        .filter(({ path, params }) => path === "/v1/payment_intents" && params.payment_method === card),
    payments: () => listPayments(db(), buyer.accountId),
  };
}

/** As if the process that had the lease were gone. */
const leaveBehind = (accountId: string) =>
  moneyStatement((sql) => sql`update auto_top_up_runs set leased_until = '-infinity' where account_id = ${accountId}`);

/** A run of a process that died before Stripe heard of it. */
const begunAndLeft = ({ accountId, wish }: Awaited<ReturnType<typeof toppedUp>>) =>
  moneyStatement(
    (sql) => sql`
      with payment as (
        insert into payments (account_id, kind, expected_amount_minor, fee_minor, customer_id)
          select ${accountId}, 'auto', 2000, 20, customer_id from stripe_customers where account_id = ${accountId} returning id
      )
      insert into auto_top_up_runs (account_id, payment_id, payment_method_id, leased_until, attempts)
        select ${accountId}, id, ${wish.paymentMethodId}, '-infinity', 1 from payment`,
  );

const settled = () => payments.stripe.webhooksSettled();

test("M-50: fifty triggers at once below the threshold are one charge and one credit", async () => {
  const user = await toppedUp();
  await Promise.all(Array.from({ length: 50 }, () => runAutoTopUps()));
  await settled();
  expect(await user.cents()).toBe(2_000);
  expect(await ledgerOf(user.accountId)).toEqual(["topup 2000"]);
  expect(await user.charges()).toHaveLength(1);
  expect(await user.payments()).toMatchObject([{ kind: "auto", feeMinor: 20, status: "paid" }]);
  expect((await user.state()).latestRun).toMatchObject({ status: "succeeded", attempts: 1 });
});

test("above the threshold nothing is bought", async () => {
  const user = await toppedUp();
  await creditAccount(user.accountId, {
    amount: 10_000_000_000n,
    kind: "adjustment",
    source: "test",
    sourceId: user.userId,
  });
  await runAutoTopUps();
  expect(await user.payments()).toEqual([]);
});

test("M-50: an answer that is lost after the charge leaves a run that ends with the same charge", async () => {
  const user = await toppedUp();
  payments.stripe.pauseWebhooks();
  payments.stripe.dropAnswers({ times: 3, path: "/v1/payment_intents" });
  await runAutoTopUps();
  expect((await user.state()).latestRun).toMatchObject({ status: "open" });
  await runAutoTopUps(); // the lease is still good: nobody else asks
  expect((await user.state()).latestRun).toMatchObject({ status: "open", attempts: 1 });
  await leaveBehind(user.accountId);
  await runAutoTopUps();
  expect(await ledgerOf(user.accountId)).toEqual(["topup 2000"]);
  const keys = (await user.charges()).map(({ idempotencyKey }) => idempotencyKey);
  expect(new Set(keys).size).toBe(1);
  payments.stripe.resumeWebhooks();
  await settled();
  const succeeded = (await eventsAbout([String((await user.payments())[0]?.paymentIntentId)])).filter(
    ({ type }) => type === "payment_intent.succeeded",
  );
  expect(succeeded).toHaveLength(1);
  expect(await user.cents()).toBe(2_000);
});

test("M-50: of a run whose process died after the charge, the webhook credits and ends it", async () => {
  const user = await toppedUp();
  payments.stripe.dropAnswers({ times: 3, path: "/v1/payment_intents" });
  await runAutoTopUps();
  await settled();
  expect(await user.cents()).toBe(2_000);
  expect((await user.state()).latestRun).toMatchObject({ status: "succeeded" });
});

test("a run that was left behind longer than Stripe keeps keys is looked for, and not asked for again", async () => {
  const charged = await toppedUp();
  payments.stripe.pauseWebhooks();
  payments.stripe.dropAnswers({ times: 3, path: "/v1/payment_intents" });
  await runAutoTopUps();
  const never = await toppedUp();
  payments.stripe.dropAnswers({ times: 0 });
  await begunAndLeft(never);
  await moneyStatement(
    (sql) => sql`
      update auto_top_up_runs set created_at = now() - interval '24 hours', leased_until = '-infinity'
       where account_id in (${charged.accountId}, ${never.accountId})`,
  );
  const before = (await charged.charges()).length;
  await runAutoTopUps();
  expect(await charged.cents()).toBe(2_000);
  expect((await charged.charges()).filter(({ method }) => method === "POST")).toHaveLength(before);
  expect((await never.charges()).filter(({ method }) => method === "POST")).toEqual([]);
  expect(await never.state()).toMatchObject({
    settings: { pausedReason: "unclear" },
    latestRun: { status: "abandoned" },
  });
  payments.stripe.resumeWebhooks();
  await settled();
  expect(await ledgerOf(charged.accountId)).toEqual(["topup 2000"]);
});

const unwanted: [string, (accountId: string) => Promise<unknown>][] = [
  ["its user has switched off", switchOffAutoTopUp],
  [
    "the account is frozen",
    (accountId) => moneyStatement((sql) => sql`select account_freeze(${accountId}, 'operator', 'test')`),
  ],
  [
    "money went back meanwhile",
    (accountId) => moneyStatement((sql) => sql`select auto_top_up_pause(${accountId}, 'refund')`),
  ],
];

test.each(unwanted)("a run that was left behind charges no card once %s", async (_case, stop) => {
  const user = await toppedUp();
  await begunAndLeft(user);
  await stop(user.accountId);
  await runAutoTopUps();
  await settled();
  expect((await user.charges()).filter(({ method }) => method === "POST")).toEqual([]);
  expect((await user.state()).latestRun).toMatchObject({ status: "abandoned" });
  expect(await user.cents()).toBe(0);
});

test.each(unwanted)("what it had charged before is credited, though %s", async (_case, stop) => {
  const user = await toppedUp();
  payments.stripe.pauseWebhooks();
  payments.stripe.dropAnswers({ times: 3, path: "/v1/payment_intents" });
  await runAutoTopUps();
  payments.stripe.dropAnswers({ times: 0 });
  const charges = (await user.charges()).length;
  await stop(user.accountId);
  await leaveBehind(user.accountId);
  await runAutoTopUps();
  expect(await user.cents()).toBe(2_000);
  expect((await user.charges()).filter(({ method }) => method === "POST")).toHaveLength(charges);
  payments.stripe.resumeWebhooks();
  await settled();
  expect(await ledgerOf(user.accountId)).toEqual(["topup 2000"]);
});

test.each<[Behaviour, "declined" | "authentication_required"]>([
  ["declines", "declined"],
  ["needs_authentication", "authentication_required"],
])("one refusal ends it until its user looks at it: a card that %s", async (behaviour, pausedReason) => {
  const user = await toppedUp(behaviour);
  await runAutoTopUps();
  await runAutoTopUps();
  await settled();
  expect(await user.state()).toMatchObject({
    settings: { pausedReason },
    latestRun: { status: "declined" },
    boughtTodayMinor: 0,
  });
  expect((await user.charges()).filter(({ method }) => method === "POST")).toHaveLength(1);
  expect(await user.payments()).toMatchObject([{ status: "failed" }]);
  const { id } = payments.stripe.attachCard({ customer: await customerOf(user.accountId) });
  await setAutoTopUp(user.accountId, { ...user.wish, paymentMethodId: id });
  await runAutoTopUps();
  expect(await user.cents()).toBe(2_000);
  expect((await user.state()).settings).toMatchObject({ pausedReason: null });
});

test("no more is bought in a day than the cap", async () => {
  const user = await toppedUp("succeeds", 5_000);
  for (let round = 0; round < 5; round++) {
    await runAutoTopUps();
    await user.spend(2_000);
  }
  await settled();
  expect((await ledgerOf(user.accountId)).filter((row) => row.startsWith("topup"))).toHaveLength(2);
  expect(await user.state()).toMatchObject({ boughtTodayMinor: 4_000, settings: { pausedReason: null } });
});

test("money that went back is not bought again by itself", async () => {
  const user = await toppedUp();
  await runAutoTopUps();
  await settled();
  const [payment] = await user.payments();
  payments.stripe.refundFromDashboard({ payment_intent: payment?.paymentIntentId ?? "" });
  await settled();
  await runAutoTopUps();
  expect(await user.cents()).toBe(0);
  expect((await user.state()).settings).toMatchObject({ pausedReason: "refund" });
});

test("switched off, or frozen, nothing is bought", async () => {
  const user = await toppedUp();
  await switchOffAutoTopUp(user.accountId);
  const frozen = await toppedUp();
  await moneyStatement((sql) => sql`select account_freeze(${frozen.accountId}, 'operator', 'test')`);
  await runAutoTopUps();
  expect([await user.payments(), await frozen.payments()]).toEqual([[], []]);
});

test("another account's card cannot be charged", async () => {
  const [user, other] = [await toppedUp(), await newBuyer()];
  await customerOf(other.accountId);
  await expect(setAutoTopUp(other.accountId, user.wish)).rejects.toMatchObject({ type: "invalid_request" });
  expect((await autoTopUpState(other.accountId)).settings).toBeUndefined();
});

test.each([
  { threshold: "0" },
  { threshold: "-1" },
  { threshold: "1e3" },
  { amountMinor: 1.5 },
  { amountMinor: 100 },
  { dailyCapMinor: 1_999 },
  { dailyCapMinor: Number.NaN },
])("settings that a browser makes up are refused: %o", async (made) => {
  const user = await toppedUp();
  await expect(setAutoTopUp(user.accountId, { ...user.wish, ...made })).rejects.toMatchObject({
    type: "invalid_request",
  });
});

test("a card that was saved at the checkout is there to be chosen", async () => {
  const buyer = await newBuyer();
  expect(await listSavedCards(buyer.accountId)).toEqual([]);
  const { session } = await buyer.checkout(1_000, { saveCard: true });
  payments.stripe.completeSession({ session });
  await buyer.confirm(session);
  expect(await listSavedCards(buyer.accountId)).toMatchObject([{ brand: "visa", last4: expect.any(String) }]);
});
