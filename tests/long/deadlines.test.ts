import { afterAll, beforeAll, expect, test } from "vitest";
import { ask } from "../ask";
import { useFreshDatabase } from "../database";
import * as faults from "../faulty-upstream/faults";
import type { Exchange, Fault } from "../faulty-upstream/start";
import { WIRE_NAMES, type WireName } from "../faulty-upstream/wires";
import { BOOKS_IN_ORDER, type Gateway, type Provider, type Served, startGateway } from "../gateway";

/** Set for all endpoints, in seconds; what an endpoint has of its own is in milliseconds. */
const SETTINGS = { connect: 3, headers: 4, first_token: 5, idle: 4, total: 8 };
const OWN = { connect: 1_500, headers: 2_000, first_token: 2_500, idle: 2_000, total: 4_000 };
type Phase = keyof typeof SETTINGS;

/** A tenth of it, and what a busy machine may add. */
const EARLY = (ms: number) => ms * 0.9;
const LATE = (ms: number) => ms * 1.1 + 1_500;

/** When each request came to its upstream, which is where the time is taken: what else the gateway does is not the deadline's. */
const came = new Map<Exchange, number>();
const noted =
  (fault: Fault): Fault =>
  (exchange) => {
    came.set(exchange, performance.now());
    return fault(exchange);
  };

const faultFor: Record<Phase, Provider> = {
  connect: "never connects",
  headers: noted(faults.neverAnswers),
  first_token: noted(faults.noise(100)),
  idle: noted(faults.hangsAfter(1)),
  total: noted(faults.trickles(100)),
};
const PHASES = Object.keys(faultFor) as Phase[];

const own = {
  connectTimeoutMs: OWN.connect,
  headersTimeoutMs: OWN.headers,
  firstTokenTimeoutMs: OWN.first_token,
  idleTimeoutMs: OWN.idle,
  totalTimeoutMs: OWN.total,
};
const providerOf = (wire: WireName, phase: Phase) => `${phase === "connect" ? "mute" : "first"}-${wire}`;
const served: Served[] = WIRE_NAMES.flatMap((wire) => [
  { model: `sound-${wire}`, wire, providers: { [`first-${wire}`]: faults.answers } },
  ...PHASES.flatMap((phase) => {
    const providers = { [providerOf(wire, phase)]: faultFor[phase] };
    return [
      { model: `all-${phase}-${wire}`, wire, providers },
      { model: `own-${phase}-${wire}`, wire, providers, timeouts: own },
    ];
  }),
]);

let gateway: Gateway;
beforeAll(async () => {
  for (const phase of PHASES) process.env[`${phase.toUpperCase()}_TIMEOUT_SECONDS`] = String(SETTINGS[phase]);
  gateway = await startGateway(await useFreshDatabase(), served);
  // What a process takes to be up to speed is not what is asked about.
  await Promise.all(WIRE_NAMES.map(async (wire) => (await ask(gateway, `sound-${wire}`)).text()));
});
afterAll(async () => {
  for (const phase of PHASES) delete process.env[`${phase.toUpperCase()}_TIMEOUT_SECONDS`];
  expect(await gateway.stop()).toEqual(BOOKS_IN_ORDER);
});

/** Asks, and says in which phase it was given up, and after how long as its caller sees it. */
async function givenUp(model: string) {
  const since = performance.now();
  const text = await (await ask(gateway, model)).text();
  const told = text.startsWith("{") ? [text] : text.split("\n\n").map((event) => event.replace(/^data: /, ""));
  const error = told.filter((json) => json.startsWith("{")).map((json) => JSON.parse(json).error);
  return { phase: error.find(Boolean)?.metadata?.phase, ms: performance.now() - since };
}

/** How long a model's upstreams were waited for. Where the connection is not made nobody can say but the caller. */
async function waited(model: string, provider: string): Promise<number[]> {
  const exchanges = gateway.upstream.exchanges(provider, model);
  return Promise.all(exchanges.map(async (one) => (await one.closed) - (came.get(one) ?? Number.NaN)));
}

test.each(PHASES.flatMap((phase) => [["all", phase] as const, ["own", phase] as const]))(
  "what is set for %s endpoints ends the phase %s within a tenth of it, in all four formats, five times each",
  async (scope, phase) => {
    const most = scope === "own" ? OWN[phase] : SETTINGS[phase] * 1_000;
    const ended: Awaited<ReturnType<typeof givenUp>>[] = [];
    const times: number[] = [];
    for (let round = 0; round < 5; round++)
      ended.push(...(await Promise.all(WIRE_NAMES.map((wire) => givenUp(`${scope}-${phase}-${wire}`)))));
    if (phase === "connect") times.push(...ended.map(({ ms }) => ms));
    else
      for (const wire of WIRE_NAMES)
        times.push(...(await waited(`${scope}-${phase}-${wire}`, providerOf(wire, phase))));
    const [least = 0, longest = 0] = [Math.min(...times), Math.max(...times)].map(Math.round);
    console.log(`${phase}, ${scope}: ${most} ms set, ${times.length} ended after ${least} to ${longest} ms`);
    expect(times).toHaveLength(20);
    expect(ended.map((one) => one.phase)).toEqual(Array(20).fill(phase));
    expect(least).toBeGreaterThanOrEqual(EARLY(most));
    expect(longest).toBeLessThanOrEqual(LATE(most));
  },
);
