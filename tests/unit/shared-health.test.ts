import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { listProviders, upsertProvider } from "@/db/queries/catalogue";
import { startExchange } from "@/lib/health/exchange";
import { forgetCatalogue } from "@/lib/models/catalogue";
import { seal } from "@/lib/seal";
import { ask } from "../ask";
import { useFreshDatabase } from "../database";
import { answers, refusesWith } from "../faulty-upstream/faults";
import type { Fault } from "../faulty-upstream/start";
import { type Gateway, OPERATOR_KEY, type Served, startGateway } from "../gateway";
import { type Replica, startReplica } from "../start-replica";

const NEW_KEY = "sk-operator-new-9e8d7c6b5a4f";
const order = ["first", "second"];
const both = { first: answers, second: answers };
const served: Served[] = [
  ...["breaks", "limits", "refuses-the-key", "new-key", "counted-together", "cut-off"].map((model) => ({
    ...{ model, wire: "openai" as const, providers: both },
  })),
  { model: "alone", wire: "openai", providers: { only: answers } },
];

let here: Gateway;
let replicas: Replica[];

beforeAll(async () => {
  here = await startGateway(await useFreshDatabase(), served);
  startExchange();
  replicas = await Promise.all([startReplica(), startReplica()]);
});
afterAll(async () => {
  await Promise.all(replicas.map(({ stop }) => stop()));
  await here.stop();
});

const at = (replica: number): Gateway => ({ ...here, url: replicas[replica]?.url ?? "" });

/** Who answers there. */
async function answering(gateway: Gateway, model: string): Promise<string> {
  const response = await ask(gateway, model, { order, stream: false });
  expect(response.status).toBe(200);
  return (await response.json()).provider;
}

const asked = (model: string) => here.upstream.exchanges("first", model).length;

/** Longer than it takes until each has told the others. */
const told = () => sleep(4_500);

test("an endpoint that broke at one process is asked by none, until one of them finds that it answers again", async () => {
  here.upstream.script("first", "breaks", refusesWith(500));
  for (let requests = 0; requests < 5; requests++) await answering(here, "breaks");
  const before = asked("breaks");
  await told();
  expect(await Promise.all([answering(at(0), "breaks"), answering(at(1), "breaks")])).toEqual(["second", "second"]);
  expect(asked("breaks")).toBe(before);
  here.upstream.script("first", "breaks", answers);
  await expect.poll(() => answering(at(1), "breaks"), { timeout: 15_000, interval: 500 }).toBe("first");
  await expect.poll(() => answering(here, "breaks"), { timeout: 5_000, interval: 500 }).toBe("first");
  await expect.poll(() => answering(at(0), "breaks"), { timeout: 5_000, interval: 500 }).toBe("first");
});

test("one that limits the rate is left alone by all", async () => {
  here.upstream.script("first", "limits", refusesWith(429, { headers: { "retry-after": "40" } }));
  await answering(at(0), "limits");
  expect(asked("limits")).toBe(1);
  await told();
  await Promise.all([answering(here, "limits"), answering(at(1), "limits")]);
  expect(asked("limits")).toBe(1);
});

test("failures too few for one process alone are enough together", async () => {
  here.upstream.script("first", "counted-together", refusesWith(503));
  const gateways = [here, at(0), at(1)];
  // Five failures open a circuit, and none of the three sees more than two itself.
  for (const gateway of [...gateways, ...gateways]) expect(await answering(gateway, "counted-together")).toBe("second");
  const before = asked("counted-together");
  expect(before).toBeGreaterThanOrEqual(5);
  await told();
  for (const gateway of gateways) expect(await answering(gateway, "counted-together")).toBe("second");
  expect(asked("counted-together")).toBe(before);
});

const alerts = (subject: string) =>
  here.sql`select kind, times, detail, resolved_at from operator_alerts where subject = ${subject}`;

test("the operator's key that is refused raises one alert, however many processes meet it", async () => {
  here.upstream.script("first", "refuses-the-key", refusesWith(401));
  await Promise.all([here, at(0), at(1)].map((gateway) => answering(gateway, "refuses-the-key")));
  await expect.poll(async () => (await alerts("first"))[0]?.times, { timeout: 5_000 }).toBe(3);
  const [alert, ...others] = await alerts("first");
  expect([alert?.kind, alert?.resolved_at, others]).toEqual(["provider_credential", null, []]);
  expect(alert?.detail).toContain("answered 401");
  expect(alert?.detail).not.toContain(OPERATOR_KEY);
});

test("a provider's new key is used at once where it is set, and within 5 s everywhere; an answer resolves the alert", async () => {
  const needsNewKey: Fault = (exchange) =>
    (exchange.headers.authorization?.endsWith(NEW_KEY) ? answers : refusesWith(401))(exchange);
  here.upstream.script("first", "new-key", needsNewKey);
  const gateways = [here, at(0), at(1)];
  for (const gateway of gateways) expect(await answering(gateway, "new-key")).toBe("second");
  await told();
  for (const gateway of gateways) expect(await answering(gateway, "new-key")).toBe("second");
  const row = (await listProviders(db())).find(({ slug }) => slug === "first");
  if (!row) throw new Error("no provider");
  await upsertProvider(db(), { ...row, sealedApiKey: seal(NEW_KEY, "providers.first") });
  forgetCatalogue();
  const setAt = performance.now();
  expect(await answering(here, "new-key")).toBe("first");
  for (const other of gateways)
    await expect.poll(() => answering(other, "new-key"), { timeout: 5_500, interval: 250 }).toBe("first");
  expect(performance.now() - setAt).toBeLessThan(6_000);
  // Nor does what one of them still says of the old key count against the new one.
  await told();
  for (const gateway of gateways) expect(await answering(gateway, "new-key")).toBe("first");
  await expect.poll(async () => (await alerts("first"))[0]?.resolved_at, { timeout: 5_000 }).toBeTruthy();
});

test("where it is the only one, the caller gets a clean 502, it is tried all the same, and answering resolves the alert", async () => {
  const whole = () => ask(here, "alone", { stream: false });
  here.upstream.script("only", "alone", refusesWith(402));
  const refused = await whole();
  const text = await refused.text();
  expect(refused.status).toBe(502);
  expect(JSON.parse(text).error).toMatchObject({ code: 502, metadata: { error_type: "provider_unavailable" } });
  expect(text).not.toMatch(/402|Something is wrong/);
  await expect.poll(async () => (await alerts("only"))[0]?.times, { timeout: 5_000 }).toBe(1);
  here.upstream.script("only", "alone", answers);
  expect((await whole()).status).toBe(200);
  await expect.poll(async () => (await alerts("only"))[0]?.resolved_at, { timeout: 5_000 }).toBeTruthy();
});

test("a process whose exchange fails goes by what it saw itself, and tells the others later", async () => {
  await here.sql`alter table endpoint_tallies rename to away`;
  here.upstream.script("first", "cut-off", refusesWith(500));
  for (let requests = 0; requests < 5; requests++) await answering(here, "cut-off");
  const before = asked("cut-off");
  expect(await answering(here, "cut-off")).toBe("second");
  await told();
  expect(asked("cut-off")).toBe(before);
  await here.sql`alter table away rename to endpoint_tallies`;
  await told();
  // Its circuit has been open for more than five seconds of its ten, or is tried again by now.
  const [row] = await here.sql`select circuit from endpoint_tallies where circuit is not null order by id desc limit 1`;
  expect(row?.circuit.changedAgo).toBeGreaterThan(4_000);
  await answering(at(0), "cut-off");
  expect(asked("cut-off") - before).toBeLessThanOrEqual(1);
});
