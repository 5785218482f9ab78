import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { health } from "@/lib/health/endpoint-health";
import { ask } from "../ask";
import { useFreshDatabase } from "../database";
import { answers, refusesWith } from "../faulty-upstream/faults";
import type { Fault } from "../faulty-upstream/start";
import { BOOKS_IN_ORDER, type Gateway, type Served, startGateway } from "../gateway";
import { percentile } from "../hang-ups";

const RATE = Number(process.env.LONG_RATE ?? 20);

/** The sound answer after so many milliseconds, more or less, or a connection that breaks: as often as is said. */
const badNetwork =
  (milliseconds: number, spread: number, broken: number): Fault =>
  async (exchange) => {
    await sleep(milliseconds + (Math.random() * 2 - 1) * spread);
    if (Math.random() < broken) exchange.socket.resetAndDestroy();
    else await answers(exchange);
  };

const openai = (model: string, providers: Served["providers"]): Served => ({ model, wire: "openai", providers });
const served = [
  openai("half", { first: answers }),
  openai("down", { first: answers, second: answers }),
  openai("all-down", { first: answers }),
  openai("network", {
    first: badNetwork(500, 400, 0.05),
    second: badNetwork(500, 400, 0.05),
  }),
];

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway(await useFreshDatabase(), served, { retries: "usual" });
});
afterAll(async () => {
  expect(await gateway.stop()).toEqual(BOOKS_IN_ORDER);
});

type Told = { at: number; status: number; ms: number; provider?: string; message: string };

/** So many requests a second for so long, whatever becomes of those before. */
async function load(model: string, seconds: number, body: object = {}): Promise<Told[]> {
  const startedAt = performance.now();
  const all: Promise<Told>[] = [];
  for (let sent = 0; sent < seconds * RATE; sent++) {
    await sleep(startedAt + (sent * 1_000) / RATE - performance.now());
    all.push(one(model, startedAt, body));
  }
  return Promise.all(all);
}

async function one(model: string, startedAt: number, body: object): Promise<Told> {
  const at = performance.now();
  const response = await ask(gateway, model, { stream: false, body });
  const json = (await response.json()) as { provider?: string; error?: { message: string } };
  const told = { status: response.status, provider: json.provider, message: json.error?.message ?? "" };
  return { ...told, at: at - startedAt, ms: performance.now() - at };
}

const requestsTo = (provider: string, model: string) => gateway.upstream.exchanges(provider, model);

test("where nearly half of all fails, what is asked again stays at a tenth of the requests", async () => {
  // A little less than opens the circuit, which would spare the provider the more.
  gateway.upstream.script("first", "half", (exchange) => (Math.random() < 0.45 ? refusesWith(500) : answers)(exchange));
  const told = await load("half", 30);
  const asked = requestsTo("first", "half").length;
  const passed = told.filter(({ message }) => message.includes("not available at present")).length;
  const amplification = asked / (told.length - passed);
  console.log(
    `${told.length} requests at ${RATE} a second, 45 % of answers fail: ${asked} reached the provider, ${passed} were not let through, amplification ${amplification.toFixed(3)}`,
  );
  expect(amplification).toBeGreaterThan(1.02);
  expect(amplification).toBeLessThanOrEqual(1.1);
});

test("an endpoint that goes down is left alone within 2 s, its callers are served elsewhere, and it is found again when it is back", async () => {
  const DOWN = 25;
  const begun: number[] = [];
  const startedAt = performance.now();
  let down = false;
  gateway.upstream.script("first", "down", (exchange) => {
    if (down) begun.push(performance.now() - startedAt);
    return (down ? refusesWith(500) : answers)(exchange);
  });
  const order = { provider: { order: ["first", "second"] } };
  const [endpoint] = await gateway.sql`
    select id from endpoints where model_slug = 'test/down' and provider_slug = 'first'`;
  let opened = Number.NaN;
  const looking = setInterval(() => {
    const open = health()
      .report()
      .some(({ id, circuit }) => id === endpoint?.id && circuit === "open");
    if (open && Number.isNaN(opened)) opened = performance.now() - startedAt;
  }, 10);
  setTimeout(() => (down = true), 5_000);
  setTimeout(() => (down = false), (5 + DOWN) * 1_000);
  const told = await load("down", 5 + DOWN + 20, order);
  clearInterval(looking);
  const [firstFailure = 0] = begun;
  // Those of the first seconds were on their way when the circuit opened; each later one is a probe.
  const probes = begun.filter((at) => at - firstFailure >= 5_000);
  const back = told.find(({ at, provider }) => at > (5 + DOWN) * 1_000 && provider === "first");
  const recovered = (back?.at ?? Number.NaN) - (5 + DOWN) * 1_000;
  const failed = told.filter(({ status }) => status !== 200).length;
  console.log(
    `down for ${DOWN} s at ${RATE} a second: left alone after ${(opened - firstFailure).toFixed(0)} ms, ${probes.length} probes in ${DOWN} s, asked again ${recovered.toFixed(0)} ms after it was back; ${failed} of ${told.length} callers saw an error`,
  );
  expect(opened - firstFailure).toBeLessThan(2_000);
  expect(probes.length).toBeLessThanOrEqual(3);
  expect(recovered).toBeLessThan(15_000 * 1.25);
  expect(failed / told.length).toBeLessThanOrEqual(0.01);
});

test("where all endpoints are down and slow to say so, callers are told at once, and what comes back is not run over", async () => {
  let under = 0;
  let [most, mostAfter] = [0, 0];
  let down = true;
  gateway.upstream.script("first", "all-down", async (exchange) => {
    under++;
    if (down) most = Math.max(most, under);
    await sleep(1_000);
    under--;
    await (down ? refusesWith(503) : answers)(exchange);
  });
  // Until the circuit has opened, everybody waits as long as the provider takes to refuse.
  await load("all-down", 4);
  most = 0;
  const told = await load("all-down", 10);
  const refused = told.filter(({ message }) => message.includes("not available at present"));
  const times = refused.map(({ ms }) => ms);
  down = false;
  const recovering = setInterval(() => (mostAfter = Math.max(mostAfter, under)), 5);
  const after = await load("all-down", 3);
  clearInterval(recovering);
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  const answered = after.find(({ status }) => status === 200);
  const untilAnswered = after.filter(({ at }) => at < (answered?.at ?? 0)).length;
  console.log(
    `all down at ${RATE} a second: ${refused.length} of ${told.length} told at once, p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms; at most ${most} at a time tried it; back: the first answer to the request after ${untilAnswered}`,
  );
  expect(refused.length).toBeGreaterThan(told.length * 0.5);
  expect(p99).toBeLessThan(300);
  // Ten who have nobody else to ask, and the one that tries whether the circuit may be closed.
  expect(most).toBeLessThanOrEqual(11);
  expect(answered).toBeDefined();
});

test("over a bad network (500 ± 400 ms, one connection in twenty reset) nearly every caller is served", async () => {
  const told = await load("network", 20);
  const served = told.filter(({ status }) => status === 200).length;
  const times = told.map(({ ms }) => ms);
  console.log(
    `bad network: ${served} of ${told.length} served (${((served / told.length) * 100).toFixed(2)} %), p50 ${percentile(times, 0.5).toFixed(0)} ms, p99 ${percentile(times, 0.99).toFixed(0)} ms`,
  );
  expect(served / told.length).toBeGreaterThan(0.99);
});
