import { describe, expect, it } from "vitest";
import { standInForTest, submit } from "./stripe-in-test";

async function portalForTest() {
  const { standIn, stripe } = await standInForTest();
  const customer = await stripe.customers.create({ email: "ada@example.com" });
  const { url } = await stripe.billingPortal.sessions.create({
    customer: customer.id,
    return_url: "http://127.0.0.1:9/back",
  });
  const cards = async () => (await stripe.paymentMethods.list({ customer: customer.id, type: "card" })).data;
  return { standIn, stripe, customer, url, cards };
}

describe("the billing portal of the Stripe stand-in", () => {
  it("adds a card, makes it the default one, and removes it", async () => {
    const { stripe, customer, url, cards } = await portalForTest();
    expect((await submit(url, { add: "declines" })).status).toBe(303);
    const [card] = await cards();
    expect(card?.card?.last4).toBe("0341");
    expect(await (await fetch(url)).text()).toContain("Visa ending in 0341");
    await submit(url, { prefer: card?.id ?? "" });
    const preferred = async () =>
      Object(await stripe.customers.retrieve(customer.id)).invoice_settings.default_payment_method;
    expect(await preferred()).toBe(card?.id);
    await submit(url, { remove: card?.id ?? "" });
    expect([await cards(), await preferred()]).toEqual([[], null]);
    const types = (await stripe.events.list()).data.map(({ type }) => type);
    expect(types.slice(0, 3)).toEqual(["payment_method.detached", "customer.updated", "payment_method.attached"]);
  });

  it("leads back, and touches no card of anybody else", async () => {
    const { standIn, stripe, url } = await portalForTest();
    const other = await stripe.customers.create();
    const card = standIn.attachCard({ customer: other.id });
    await submit(url, { remove: card.id });
    expect((await stripe.paymentMethods.retrieve(card.id)).customer).toBe(other.id);
    expect(await (await fetch(url)).text()).toContain('href="http://127.0.0.1:9/back"');
  });

  it("is not there for anyone who makes up its address", async () => {
    const { standIn } = await portalForTest();
    expect((await fetch(`${standIn.url}/p/session/bps_made_up`)).status).toBe(404);
  });

  it("shows what a customer calls himself as text", async () => {
    const { stripe, standIn } = await portalForTest();
    const session = await stripe.checkout.sessions.create({
      mode: "payment",
      line_items: [
        { price_data: { currency: "usd", unit_amount: 500, product_data: { name: "<b>Credits</b>" } }, quantity: 1 },
      ],
      success_url: "http://127.0.0.1:9/",
    });
    const page = await (await fetch(`${standIn.url}/c/pay/${session.id}`)).text();
    expect(page).toContain("&#60;b&#62;Credits");
    expect(page).not.toContain("<b>Credits");
  });
});
