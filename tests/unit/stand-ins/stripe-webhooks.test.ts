import { describe, expect, it } from "vitest";
import { sessionFor, standInForTest, webhookEndpoint } from "./stripe-in-test";

describe("the webhooks of the Stripe stand-in", () => {
  it("are tried again until they are taken, and none waits for another", async () => {
    const { standIn, stripe } = await standInForTest({ retryDelaysMs: [50, 50] });
    const tries = new Map<string, number>();
    const hook = await webhookEndpoint(stripe, standIn.webhookSecret, ({ id, type }) => {
      tries.set(id, (tries.get(id) ?? 0) + 1);
      return type === "customer.created" && tries.get(id) === 1 ? 500 : 200;
    });
    standIn.setWebhook({ url: hook.url, secret: standIn.webhookSecret });
    const { id } = await stripe.customers.create();
    await stripe.customers.update(id, { name: "Ada" });
    await standIn.webhooksSettled();
    expect(hook.events.map(({ type }) => type)).toEqual(["customer.created", "customer.updated", "customer.created"]);
    expect(new Set(hook.events.map((event) => event.id)).size).toBe(2);
    expect((await stripe.events.list({ delivery_success: true })).data).toHaveLength(2);
  });

  it("are given up after the last try, and stay listed as not delivered", async () => {
    const { standIn, stripe } = await standInForTest();
    const hook = await webhookEndpoint(stripe, standIn.webhookSecret, () => 503);
    standIn.setWebhook({ url: hook.url, secret: standIn.webhookSecret });
    await stripe.customers.create();
    await standIn.webhooksSettled();
    expect(standIn.webhookLog().map(({ status }) => status)).toEqual([503, 503, 503]);
    const [event] = (await stripe.events.list({ delivery_success: false })).data;
    expect(event).toMatchObject({ type: "customer.created", pending_webhooks: 1 });
  });

  it("are waited for, those of a change made just now too", async () => {
    const { standIn, stripe } = await standInForTest();
    const hook = await webhookEndpoint(stripe, standIn.webhookSecret);
    standIn.setWebhook({ url: hook.url, secret: standIn.webhookSecret });
    const session = await stripe.checkout.sessions.create(sessionFor(500));
    standIn.expireSession({ session: session.id });
    await standIn.webhooksSettled();
    expect(hook.events.map(({ type }) => type)).toEqual(["checkout.session.expired"]);
  });

  it("are refused by whoever holds another secret", async () => {
    const { standIn, stripe } = await standInForTest({ retryDelaysMs: [] });
    const hook = await webhookEndpoint(stripe, "whsec_other");
    standIn.setWebhook({ url: hook.url, secret: standIn.webhookSecret });
    await stripe.customers.create();
    await standIn.webhooksSettled();
    expect([hook.events, standIn.webhookLog().map(({ status }) => status)]).toEqual([[], [400]]);
  });

  it("do not leave while paused; what was missed comes later, or never", async () => {
    const { standIn, stripe } = await standInForTest();
    const hook = await webhookEndpoint(stripe, standIn.webhookSecret);
    standIn.setWebhook({ url: hook.url, secret: standIn.webhookSecret });
    const session = await stripe.checkout.sessions.create(sessionFor(500, { adaptive_pricing: { enabled: false } }));
    standIn.pauseWebhooks();
    standIn.expireSession({ session: session.id });
    await standIn.webhooksSettled();
    expect(hook.events).toEqual([]);
    standIn.resumeWebhooks();
    await standIn.webhooksSettled();
    expect(hook.events.map(({ type }) => type)).toEqual(["checkout.session.expired"]);
    standIn.pauseWebhooks();
    await stripe.customers.create({ name: "lost" });
    standIn.resumeWebhooks({ deliverMissed: false });
    await standIn.webhooksSettled();
    expect(hook.events).toHaveLength(1);
    expect((await stripe.events.list()).data).toHaveLength(2);
  });

  it("come again as often as asked, many at a time, and in any order", async () => {
    const { standIn, stripe } = await standInForTest();
    const hook = await webhookEndpoint(stripe, standIn.webhookSecret);
    standIn.pauseWebhooks();
    const session = await stripe.checkout.sessions.create(sessionFor(500));
    standIn.completeSession({ session: session.id });
    standIn.setWebhook({ url: hook.url, secret: standIn.webhookSecret });
    const ids = (await stripe.events.list()).data.map(({ id }) => id);
    expect(await standIn.deliverInOrder({ events: ids })).toEqual(ids.map(() => 200));
    expect(hook.events.map(({ id }) => id)).toEqual(ids);
    const statuses = await standIn.redeliver({ event: ids[0] ?? "", times: 60, parallel: 20 });
    expect(statuses).toEqual(Array.from({ length: 60 }, () => 200));
    expect(hook.events.filter(({ id }) => id === ids[0])).toHaveLength(61);
  });

  it("show the object as it was then, not as it is", async () => {
    const { standIn, stripe } = await standInForTest();
    const session = await stripe.checkout.sessions.create(sessionFor(500));
    standIn.completeSession({ session: session.id, outcome: "bank" });
    standIn.settlePayment({ session: session.id });
    const [completed] = (await stripe.events.list({ type: "checkout.session.completed" })).data;
    expect(completed?.data.object).toMatchObject({ payment_status: "unpaid" });
    expect((await stripe.checkout.sessions.retrieve(session.id)).payment_status).toBe("paid");
  });
});
