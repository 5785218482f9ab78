import { describe, expect, it } from "vitest";
import { sessionFor, standInForTest, submit, webhookEndpoint } from "./stripe-in-test";

describe("a checkout session of the Stripe stand-in", () => {
  it("is paid through its page, tells it by signed webhooks, and sends the customer back", async () => {
    const { standIn, stripe } = await standInForTest();
    const hook = await webhookEndpoint(stripe, standIn.webhookSecret);
    standIn.setWebhook({ url: hook.url, secret: standIn.webhookSecret });
    const customer = await stripe.customers.create({ email: "ada@example.com", metadata: { account: "a1" } });
    const session = await stripe.checkout.sessions.create(
      sessionFor(2500, {
        customer: customer.id,
        invoice_creation: { enabled: true },
        payment_intent_data: { metadata: { payment_id: "payment-1" }, setup_future_usage: "off_session" },
      }),
    );
    expect(session).toMatchObject({
      status: "open",
      payment_status: "unpaid",
      amount_total: 2500,
      payment_intent: null,
    });
    expect(session.id).toMatch(/^cs_test_/);

    const page = await (await fetch(session.url ?? "")).text();
    expect(page).toContain("Test mode: no real money moves");
    expect(page).toContain("$25.00");
    const paid = await submit(session.url ?? "", { outcome: "card" });
    expect([paid.status, paid.headers.get("location")]).toEqual([303, `http://127.0.0.1:9/done?session=${session.id}`]);

    await standIn.webhooksSettled();
    expect(hook.events.map(({ type }) => type)).toEqual([
      "customer.created",
      "payment_intent.created",
      "charge.succeeded",
      "payment_intent.succeeded",
      "payment_method.attached",
      "invoice.created",
      "invoice.finalized",
      "invoice.paid",
      "invoice.payment_succeeded",
      "checkout.session.completed",
    ]);
    const completed = hook.events.at(-1);
    expect(completed).toMatchObject({
      object: "event",
      livemode: false,
      request: { id: null },
      data: {
        object: { id: session.id, payment_status: "paid", client_reference_id: "payment-1", customer: customer.id },
      },
    });

    const after = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ["payment_intent.latest_charge.balance_transaction", "line_items", "invoice"],
    });
    expect(after.line_items?.data).toMatchObject([{ description: "Credits", quantity: 1, amount_total: 2500 }]);
    expect(after.payment_intent).toMatchObject({
      amount_received: 2500,
      status: "succeeded",
      metadata: { payment_id: "payment-1" },
      latest_charge: { paid: true, balance_transaction: { amount: 2500, fee: 103, net: 2397, type: "charge" } },
    });
    const { hosted_invoice_url, invoice_pdf } = Object(after.invoice);
    expect(await (await fetch(hosted_invoice_url)).text()).toContain("$25.00");
    const pdf = Buffer.from(await (await fetch(invoice_pdf)).arrayBuffer());
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    const { receipt_url } = Object(Object(after.payment_intent).latest_charge);
    expect(await (await fetch(receipt_url)).text()).toContain("$25.00");
  });

  it("stays open where the card is refused, and can be paid then", async () => {
    const { stripe } = await standInForTest();
    const session = await stripe.checkout.sessions.create(sessionFor(500));
    const refused = await submit(session.url ?? "", { outcome: "card_declined" });
    expect(refused.status).toBe(402);
    expect(await refused.text()).toContain("declined");
    const between = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] });
    expect(between.status).toBe("open");
    expect(between.payment_intent).toMatchObject({
      status: "requires_payment_method",
      last_payment_error: { code: "card_declined" },
    });
    expect((await submit(session.url ?? "", { outcome: "card" })).status).toBe(303);
    expect(await stripe.checkout.sessions.retrieve(session.id)).toMatchObject({
      status: "complete",
      payment_status: "paid",
    });
    const [intent, ...others] = (await stripe.paymentIntents.list()).data;
    expect([intent?.status, others]).toEqual(["succeeded", []]);
  });

  it("leads back where the customer cancels, and stays open", async () => {
    const { stripe } = await standInForTest();
    const session = await stripe.checkout.sessions.create(sessionFor(500));
    const cancelled = await submit(session.url ?? "", { outcome: "cancel" });
    expect([cancelled.status, cancelled.headers.get("location")]).toEqual([303, "http://127.0.0.1:9/cancelled"]);
    expect((await stripe.checkout.sessions.retrieve(session.id)).status).toBe("open");
  });

  it("is paid once, also where the page is sent twice", async () => {
    const { standIn, stripe } = await standInForTest();
    const session = await stripe.checkout.sessions.create(sessionFor(500));
    await Promise.all([1, 2, 3].map(() => submit(session.url ?? "", { outcome: "card" })));
    expect(() => standIn.completeSession({ session: session.id })).toThrow("complete");
    expect((await stripe.charges.list()).data).toHaveLength(1);
    expect(await (await fetch(session.url ?? "")).text()).toContain("complete");
  });

  it("is complete but unpaid while a bank transfer is on its way, until the money arrives", async () => {
    const { standIn, stripe } = await standInForTest();
    const session = await stripe.checkout.sessions.create(
      sessionFor(5000, { allowed_payment_method_types: ["sepa_debit"] }),
    );
    expect((await submit(session.url ?? "", { outcome: "bank" })).status).toBe(303);
    const between = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent.latest_charge"] });
    expect(between).toMatchObject({
      status: "complete",
      payment_status: "unpaid",
      payment_intent: { status: "processing" },
    });
    expect((await stripe.balanceTransactions.list()).data).toEqual([]);
    standIn.settlePayment({ session: session.id });
    expect((await stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe("paid");
    const types = (await stripe.events.list()).data.map(({ type }) => type);
    expect(types).toEqual([
      "checkout.session.async_payment_succeeded",
      "payment_intent.succeeded",
      "charge.succeeded",
      "checkout.session.completed",
      "payment_intent.processing",
      "charge.pending",
      "payment_intent.created",
    ]);
    expect(() => standIn.settlePayment({ session: session.id })).toThrow("on its way");
  });

  it("is never paid where the bank transfer bounces", async () => {
    const { standIn, stripe } = await standInForTest();
    const session = await stripe.checkout.sessions.create(sessionFor(5000));
    standIn.completeSession({ session: session.id, outcome: "bank" });
    standIn.failPayment({ session: session.id });
    const after = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] });
    expect(after).toMatchObject({ payment_status: "unpaid", payment_intent: { status: "requires_payment_method" } });
    const [last] = (await stripe.events.list({ types: ["checkout.session.async_payment_failed"] })).data;
    expect(last?.data.object).toMatchObject({ id: session.id, payment_status: "unpaid" });
  });

  it("settles a bank transfer by itself where it is told to", async () => {
    const { stripe } = await standInForTest({ settleAfterMs: 100 });
    const session = await stripe.checkout.sessions.create(sessionFor(5000));
    await submit(session.url ?? "", { outcome: "bank" });
    const isPaid = async () => (await stripe.checkout.sessions.retrieve(session.id)).payment_status === "paid";
    await expect.poll(isPaid, { timeout: 5000 }).toBe(true);
  });

  it("expires when told to, or when its time is over, and cannot be paid then", async () => {
    let now = Date.now();
    const { stripe } = await standInForTest({ now: () => now });
    const [first, second] = await Promise.all(
      [500, 600].map((cents) => stripe.checkout.sessions.create(sessionFor(cents))),
    );
    expect((await stripe.checkout.sessions.expire(first?.id ?? "")).status).toBe("expired");
    await expect(stripe.checkout.sessions.expire(first?.id ?? "")).rejects.toMatchObject({ statusCode: 400 });
    now += 25 * 3_600_000;
    expect((await submit(second?.url ?? "", { outcome: "card" })).status).toBe(410);
    expect((await stripe.checkout.sessions.retrieve(second?.id ?? "")).status).toBe("expired");
    expect((await stripe.events.list({ type: "checkout.session.expired" })).data).toHaveLength(2);
    expect((await stripe.charges.list()).data).toEqual([]);
  });

  it("makes a customer where that is asked for", async () => {
    const { standIn, stripe } = await standInForTest();
    const session = await stripe.checkout.sessions.create(sessionFor(500, { customer_creation: "always" }));
    await submit(session.url ?? "", { outcome: "card", email: "new@example.com" });
    const after = await stripe.checkout.sessions.retrieve(session.id, { expand: ["customer"] });
    expect(after.customer).toMatchObject({ object: "customer", email: "new@example.com" });
    const guest = await stripe.checkout.sessions.create(sessionFor(500));
    expect(standIn.completeSession({ session: guest.id }).customer).toBeNull();
  });

  it("saves a card without a payment in setup mode", async () => {
    const { stripe } = await standInForTest();
    const { id: customer } = await stripe.customers.create();
    const session = await stripe.checkout.sessions.create({
      mode: "setup",
      customer,
      currency: "usd",
      success_url: "http://127.0.0.1:9/",
    });
    await submit(session.url ?? "", { outcome: "card" });
    const after = await stripe.checkout.sessions.retrieve(session.id, { expand: ["setup_intent"] });
    expect(after).toMatchObject({
      status: "complete",
      payment_status: "no_payment_required",
      setup_intent: { status: "succeeded" },
    });
    const cards = await stripe.paymentMethods.list({ customer, type: "card" });
    expect(cards.data).toMatchObject([{ id: Object(after.setup_intent).payment_method, card: { last4: "4242" } }]);
  });

  it.each([
    ["no line items", { line_items: [] }, "line_items"],
    ["half a cent", sessionFor(100.5), "unit_amount"],
    ["less than 50 cents", sessionFor(49), undefined],
    ["a customer that is not there", { customer: "cus_missing" }, "customer"],
    ["an end in a year", { expires_at: Math.floor(Date.now() / 1000) + 31_536_000 }, "expires_at"],
    ["a parameter nobody knows", { amount: 500 }, "amount"],
  ])("is refused with %s", async (_, change, param) => {
    const { stripe } = await standInForTest();
    const refusal = stripe.checkout.sessions.create({ ...sessionFor(500), ...(change as object) });
    const error = await refusal.catch((thrown) => thrown);
    expect(error).toMatchObject({ type: "StripeInvalidRequestError", statusCode: 400 });
    if (param) expect(error.param).toContain(param);
  });

  it("is listed by the payment it led to", async () => {
    const { standIn, stripe } = await standInForTest();
    const session = await stripe.checkout.sessions.create(sessionFor(700));
    await stripe.checkout.sessions.create(sessionFor(800));
    const intent = standIn.completeSession({ session: session.id }).payment_intent as string;
    const found = await stripe.checkout.sessions.list({ payment_intent: intent });
    expect(found.data.map(({ id }) => id)).toEqual([session.id]);
  });
});
