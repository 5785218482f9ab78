import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startStripeStandIn } from "@/scripts/stand-ins/stripe/start.mjs";
import { clientOf, sessionFor, standInForTest } from "./stripe-in-test";

function stateFileForTest() {
  const directory = mkdtempSync(join(tmpdir(), "stripe-stand-in-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, "state.json");
}

describe("the state of the Stripe stand-in", () => {
  it("survives a restart: customers, their cards, sessions, events, answers to keys", async () => {
    const stateFile = stateFileForTest();
    const first = await startStripeStandIn({ stateFile });
    const before = clientOf(first);
    const customer = await before.customers.create({ email: "ada@example.com" }, { idempotencyKey: "cus_1" });
    const card = first.attachCard({ customer: customer.id, behaviour: "declines" });
    const session = await before.checkout.sessions.create(sessionFor(500, { customer: customer.id }));
    await first.stop();

    const { standIn, stripe } = await standInForTest({ stateFile });
    expect((await stripe.customers.create({ email: "ada@example.com" }, { idempotencyKey: "cus_1" })).id).toBe(
      customer.id,
    );
    expect((await stripe.paymentMethods.list({ customer: customer.id })).data.map(({ id }) => id)).toEqual([card.id]);
    expect((await stripe.events.list()).data.map(({ type }) => type)).toContain("customer.created");
    const wish = { amount: 500, currency: "usd", customer: customer.id, payment_method: card.id, confirm: true };
    await expect(stripe.paymentIntents.create(wish)).rejects.toMatchObject({ code: "card_declined" });
    expect(standIn.completeSession({ session: session.id }).payment_status).toBe("paid");
  });

  it("is written before an answer is given", async () => {
    const stateFile = stateFileForTest();
    const first = await standInForTest({ stateFile });
    const customer = await first.stripe.customers.create();
    const second = await standInForTest({ stateFile }); // the first one did not get to say goodbye
    expect((await second.stripe.customers.retrieve(customer.id)).id).toBe(customer.id);
  });

  it("keeps its address; where that is taken, the addresses inside move along", async () => {
    const stateFile = stateFileForTest();
    const first = await startStripeStandIn({ stateFile });
    const session = await clientOf(first).checkout.sessions.create(sessionFor(500));
    await first.stop();
    const second = await standInForTest({ stateFile });
    expect(second.standIn.url).toBe(first.url);
    const third = await standInForTest({ stateFile });
    expect(third.standIn.url).not.toBe(first.url);
    const { url } = await third.stripe.checkout.sessions.retrieve(session.id);
    expect(url).toBe(`${third.standIn.url}/c/pay/${session.id}`);
    expect((await fetch(url ?? "")).status).toBe(200);
  });

  it("is begun anew where the file is no state", async () => {
    const stateFile = stateFileForTest();
    writeFileSync(stateFile, '{"objects":');
    const { stripe } = await standInForTest({ stateFile });
    expect((await stripe.customers.list()).data).toEqual([]);
    await stripe.customers.create();
    expect(readdirSync(join(stateFile, ".."))).toEqual(["state.json"]);
  });
});
