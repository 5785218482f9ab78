import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { clientOf, sessionFor, standInForTest, submit, webhookEndpoint } from "./stripe-in-test";

const secrets = { STRIPE_SECRET_KEY: "sk_test_process", STRIPE_WEBHOOK_SECRET: "whsec_process" };

async function startProcess(webhookUrl: string, stateFile: string) {
  const child = fork("scripts/stand-ins/stripe/main.mjs", [webhookUrl, stateFile], {
    env: { ...process.env, ...secrets },
    execArgv: [],
    stdio: "inherit",
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [{ url }] = (await once(child, "message")) as [{ url: string }];
  return { child, stripe: clientOf({ url, apiKey: secrets.STRIPE_SECRET_KEY }) };
}

it("as a process: takes payments, survives being killed, ends with whoever started it", async () => {
  const directory = mkdtempSync(join(tmpdir(), "stripe-stand-in-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const { stripe: verifier } = await standInForTest();
  const hook = await webhookEndpoint(verifier, secrets.STRIPE_WEBHOOK_SECRET);
  const stateFile = join(directory, "state.json");

  const first = await startProcess(hook.url, stateFile);
  const session = await first.stripe.checkout.sessions.create(sessionFor(500));
  first.child.kill("SIGKILL");
  await once(first.child, "exit");

  const second = await startProcess(hook.url, stateFile);
  const { url } = await second.stripe.checkout.sessions.retrieve(session.id);
  expect((await submit(url ?? "", { outcome: "card" })).status).toBe(303);
  const types = () => hook.events.map(({ type }) => type);
  await expect.poll(types).toContain("checkout.session.completed");

  second.child.disconnect();
  expect(await once(second.child, "exit")).toEqual([0, null]);
});
