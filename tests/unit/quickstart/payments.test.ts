import { describe, expect, it } from "vitest";
import { paymentsFrom, stripeSecrets } from "@/scripts/quickstart/payments.mjs";

describe("payments in the quick start", () => {
  it("are made up where no Stripe key is set", () => {
    expect(paymentsFrom({})).toBe("stand-in");
    expect(paymentsFrom({ STRIPE_SECRET_KEY: "" })).toBe("stand-in");
  });

  it("are real with a key, whatever the database", () => {
    expect(paymentsFrom({ STRIPE_SECRET_KEY: "sk_test_1" })).toBe("real");
    expect(paymentsFrom({ STRIPE_SECRET_KEY: "sk_test_1", DATABASE_URL: "postgres://somewhere" })).toBe("real");
  });

  it("are never made up over somebody's own database", () => {
    expect(paymentsFrom({ DATABASE_URL: "postgres://somewhere" })).toBe("off");
  });

  it("have secrets of their own each time", () => {
    const [one, other] = [stripeSecrets(), stripeSecrets()];
    expect(one.STRIPE_SECRET_KEY).toMatch(/^sk_test_[0-9a-f]{48}$/);
    expect(one.STRIPE_WEBHOOK_SECRET).toMatch(/^whsec_[0-9a-f]{48}$/);
    expect(new Set([...Object.values(one), ...Object.values(other)]).size).toBe(4);
  });
});
