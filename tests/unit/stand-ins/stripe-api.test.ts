import Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { clientOf, sessionFor, standInForTest } from "./stripe-in-test";

describe("the API of the Stripe stand-in", () => {
  it("knows its key and no other", async () => {
    const { standIn } = await standInForTest();
    const stranger = clientOf({ url: standIn.url, apiKey: "sk_test_other" });
    await expect(stranger.customers.list()).rejects.toMatchObject({
      type: "StripeAuthenticationError",
      statusCode: 401,
    });
  });

  it("says what is missing", async () => {
    const { stripe } = await standInForTest();
    await expect(stripe.charges.retrieve("ch_none")).rejects.toMatchObject({
      type: "StripeInvalidRequestError",
      statusCode: 404,
      code: "resource_missing",
    });
    await expect(stripe.coupons.list()).rejects.toMatchObject({ statusCode: 404 });
  });

  it("answers a repeated key with the first answer, and with its id", async () => {
    const { stripe } = await standInForTest();
    const create = (cents: number) => stripe.checkout.sessions.create(sessionFor(cents), { idempotencyKey: "pay_1" });
    const first = await create(500);
    const second = await create(500);
    expect(second).toEqual(first);
    expect(second.lastResponse.headers).toMatchObject({
      "idempotent-replayed": "true",
      "original-request": first.lastResponse.requestId,
    });
    await expect(create(600)).rejects.toMatchObject({ type: "StripeIdempotencyError", statusCode: 400 });
    expect((await stripe.checkout.sessions.list()).data).toHaveLength(1);
  });

  it("does the work of one key once, however many ask at the same time", async () => {
    const { standIn, stripe } = await standInForTest();
    standIn.delayAnswers({ ms: 100 });
    const create = () => stripe.customers.create({ email: "a@example.com" }, { idempotencyKey: "cus_1" });
    const answers = await Promise.allSettled(Array.from({ length: 5 }, create));
    const refused = answers.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(refused.map(({ statusCode, code }) => [statusCode, code])).toEqual(
      Array.from({ length: 4 }, () => [409, "idempotency_key_in_use"]),
    );
    standIn.delayAnswers({ ms: 0 });
    const [customer, ...others] = (await stripe.customers.list()).data;
    expect([customer?.id, others]).toEqual([(await create()).id, []]);
  });

  it("lets a refused request be made again with its key put right, as nothing was done", async () => {
    const { stripe } = await standInForTest();
    const options = { idempotencyKey: "pay_2" };
    await expect(stripe.checkout.sessions.create(sessionFor(10), options)).rejects.toMatchObject({ statusCode: 400 });
    expect((await stripe.checkout.sessions.create(sessionFor(1000), options)).status).toBe("open");
  });

  it("does the work although the answer is lost, and gives that answer to the next try", async () => {
    const { standIn, stripe } = await standInForTest();
    const create = () => stripe.customers.create({ name: "Ada" }, { idempotencyKey: "cus_2" });
    standIn.dropAnswers({ times: 2 }); // the client itself tries once more
    await expect(create()).rejects.toMatchObject({ type: "StripeConnectionError" });
    const customer = await create();
    expect((await stripe.customers.list()).data.map(({ id }) => id)).toEqual([customer.id]);
    expect(standIn.requests().filter(({ method }) => method === "POST")).toMatchObject(
      Array.from({ length: 3 }, () => ({ path: "/v1/customers", idempotencyKey: "cus_2", params: { name: "Ada" } })),
    );
  });

  it("pages through a list in both directions and by time", async () => {
    let now = 1_700_000_000_000;
    const { stripe } = await standInForTest({ now: () => now });
    const ids: string[] = [];
    for (let n = 0; n < 7; n += 1) {
      ids.unshift((await stripe.customers.create({ email: `c${n % 2}@example.com` })).id);
      now += 1000;
    }
    const first = await stripe.customers.list({ limit: 3 });
    expect([first.data.map(({ id }) => id), first.has_more]).toEqual([ids.slice(0, 3), true]);
    const next = await stripe.customers.list({ limit: 3, starting_after: ids[2] });
    expect(next.data.map(({ id }) => id)).toEqual(ids.slice(3, 6));
    const back = await stripe.customers.list({ limit: 3, ending_before: ids[6] });
    expect([back.data.map(({ id }) => id), back.has_more]).toEqual([ids.slice(3, 6), true]);
    expect((await stripe.customers.list({ limit: 2 }).autoPagingToArray({ limit: 100 })).map(({ id }) => id)).toEqual(
      ids,
    );
    const late = await stripe.customers.list({ created: { gte: 1_700_000_005 } });
    expect(late.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect((await stripe.customers.list({ email: "c1@example.com" })).data).toHaveLength(3);
    await expect(stripe.customers.list({ limit: 101 })).rejects.toMatchObject({ param: "limit" });
  });

  it("lists events newest first, by type and by what became of them, and says which request made them", async () => {
    const { stripe } = await standInForTest();
    const customer = await stripe.customers.create({}, { idempotencyKey: "cus_3" });
    await stripe.customers.update(customer.id, { name: "Ada" });
    const [updated, created] = (await stripe.events.list({ types: ["customer.created", "customer.updated"] })).data;
    expect(created).toMatchObject({
      type: "customer.created",
      api_version: Stripe.API_VERSION,
      request: { id: customer.lastResponse.requestId, idempotency_key: "cus_3" },
      data: { object: { id: customer.id, name: null } },
    });
    expect(updated?.data).toMatchObject({ object: { name: "Ada" }, previous_attributes: { name: null } });
    expect((await stripe.events.list({ type: "customer.*" })).data).toHaveLength(2);
    expect((await stripe.events.list({ type: "charge.*" })).data).toEqual([]);
    expect((await stripe.events.list({ delivery_success: true })).data).toEqual([]);
    expect((await stripe.events.retrieve(created?.id ?? "")).id).toBe(created?.id);
  });

  it("can be driven from another process, with its key", async () => {
    const { standIn, stripe } = await standInForTest();
    const session = await stripe.checkout.sessions.create(sessionFor(900));
    const drive = (name: string, wish: object, key = standIn.apiKey) =>
      fetch(`${standIn.url}/_stand-in/${name}`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}` },
        body: JSON.stringify(wish),
      });
    expect((await drive("completeSession", { session: session.id }, "sk_test_other")).status).toBe(401);
    expect((await drive("nothingSuch", {})).status).toBe(404);
    const paid = await drive("completeSession", { session: session.id });
    expect(await paid.json()).toMatchObject({ id: session.id, payment_status: "paid" });
    expect(await (await drive("requests", {})).json()).toHaveLength(1);
  });

  it("keeps metadata as asked: put over, and taken away by an empty value", async () => {
    const { stripe } = await standInForTest();
    const { id } = await stripe.customers.create({ metadata: { a: "1", b: "2", __proto__x: "3" } });
    const { metadata } = await stripe.customers.update(id, { metadata: { a: "", c: "4" } });
    expect(metadata).toEqual({ b: "2", __proto__x: "3", c: "4" });
    await expect(stripe.customers.update(id, { metadata: { long: "x".repeat(501) } })).rejects.toMatchObject({
      statusCode: 400,
    });
  });
});
