import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { ask } from "./ask";
import * as faults from "./faulty-upstream/faults";
import type { Fault } from "./faulty-upstream/start";
import { WIRE_NAMES, type WireName } from "./faulty-upstream/wires";
import type { Gateway, Served } from "./gateway";

const phases: Record<string, Fault> = {
  "before the head": faults.neverAnswers,
  "after the head": faults.onlyHead,
  "while nothing is said": faults.noise(20),
  "between words": faults.trickles(20),
  "in a flood": faults.endless("word ".repeat(40)),
};

const modelOf = (phase: string, wire: WireName) => `${phase.replaceAll(" ", "-")}-${wire}`;

/** A model for each phase of an answer in which its caller may leave. */
export const answersInPhases = (wire: WireName): Served[] =>
  Object.entries(phases).map(([phase, fault]) => ({
    ...{ model: modelOf(phase, wire), wire, providers: { [`first-${wire}`]: fault } },
  }));

export async function until<T>(look: () => T | undefined | false): Promise<T> {
  for (let tries = 0; tries < 1_000; tries++) {
    const found = look();
    if (found) return found;
    await sleep(5);
  }
  throw new Error("waited in vain");
}

export const percentile = (values: number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

/** Asks, waits until the provider has it and a moment longer, and hangs up; how long the provider did not know of it. */
export async function hangUp(gateway: Gateway, model: string, provider: string, after: number): Promise<number> {
  const before = gateway.upstream.exchanges(provider, model).length;
  const gone = new AbortController();
  const answer = ask(gateway, model, { signal: gone.signal }).then((response) => response.text());
  answer.catch(() => {});
  const exchange = await until(() => gateway.upstream.exchanges(provider, model)[before]);
  await sleep(after);
  const hungUpAt = performance.now();
  gone.abort();
  await expect(answer).rejects.toThrow();
  return (await exchange.closed) - hungUpAt;
}

/** In each phase and each format, so many times, at another moment each time; milliseconds until the provider knew. */
export async function hangUps(gateway: Gateway, times: number): Promise<number[]> {
  const waits: number[] = [];
  for (let round = 0; round < times; round++)
    for (const wire of WIRE_NAMES)
      for (const phase of Object.keys(phases))
        waits.push(await hangUp(gateway, modelOf(phase, wire), `first-${wire}`, (round * 17) % 60));
  return waits;
}
