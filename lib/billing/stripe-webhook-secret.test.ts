import { createHmac } from "node:crypto";
import { beforeEach, expect, test, vi } from "vitest";
import { APP_SECRET } from "../../tests/database";

/** The settings are read once a process: each case has modules of its own. */
beforeEach(() => vi.resetModules());

async function receive(settings: Record<string, string | undefined>, secret: string): Promise<number> {
  vi.stubEnv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none");
  vi.stubEnv("APP_SECRET", APP_SECRET);
  vi.stubEnv("LOG_LEVEL", "silent");
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  const { POST } = await import("@/app/api/stripe/webhook/route");
  const body = JSON.stringify({ id: "evt_1", object: "event", type: "checkout.session.completed", livemode: false });
  const timestamp = Math.floor(Date.now() / 1000);
  const signature = createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
  const headers = { "stripe-signature": `t=${timestamp},v1=${signature}` };
  return (await POST(new Request("http://app.test/api/stripe/webhook", { method: "POST", body, headers }))).status;
}

const key = { STRIPE_SECRET_KEY: "sk_test_abc" };

test("CVE-2026-41432: without a secret no webhook is believed, least of all one signed with none", async () => {
  expect(await receive({ ...key, STRIPE_WEBHOOK_SECRET: undefined }, "")).toBe(503);
});

test("CVE-2026-41432: an empty secret is none", async () => {
  expect(await receive({ ...key, STRIPE_WEBHOOK_SECRET: "", STRIPE_WEBHOOK_SECRET_PREVIOUS: "" }, "")).toBe(503);
});

test("a secret without a key to ask Stripe with is not enough", async () => {
  expect(await receive({ STRIPE_SECRET_KEY: "", STRIPE_WEBHOOK_SECRET: "whsec_a" }, "whsec_a")).toBe(503);
});

test("a secret of blanks keeps the server from starting", async () => {
  await expect(receive({ ...key, STRIPE_WEBHOOK_SECRET: "   " }, "   ")).rejects.toThrow("STRIPE_WEBHOOK_SECRET");
});
