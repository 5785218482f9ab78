import { once } from "node:events";
import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ask } from "../ask";
import { useFreshDatabase } from "../database";
import * as faults from "../faulty-upstream/faults";
import type { Exchange } from "../faulty-upstream/start";
import { WIRE_NAMES } from "../faulty-upstream/wires";
import { BOOKS_IN_ORDER, type Gateway, startGateway } from "../gateway";
import { type Replica, startReplica } from "../start-replica";

const MIB = 1024 * 1024;
const MANY = 1_000_000;

/** So many events with a letter each, as fast as they are taken. */
const tinyEvents = async ({ wire, response, socket }: Exchange) => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(wire.lead);
  const batch = wire.word("x").repeat(500);
  for (let sent = 0; sent < MANY && !socket.destroyed; sent += 500)
    if (!response.write(batch)) await Promise.race([once(response, "drain"), once(socket, "close")]);
  response.end(wire.finish(true) + wire.usage + wire.end);
};

const served = WIRE_NAMES.flatMap((wire) => {
  const first = `first-${wire}`;
  return [
    { model: `line-${wire}`, wire, providers: { [first]: faults.longLine(1024 * MIB) } },
    { model: `large-${wire}`, wire, providers: { [first]: faults.endless("word ".repeat(13_000)) } },
    { model: `tiny-${wire}`, wire, providers: { [first]: tinyEvents } },
    { model: `bomb-${wire}`, wire, providers: { [first]: faults.gzipBomb } },
  ];
});

let gateway: Gateway;
let replica: Replica;
beforeAll(async () => {
  gateway = await startGateway(await useFreshDatabase(), served);
});
beforeEach(async () => {
  replica = await startReplica();
});
afterEach(() => replica.stop());
afterAll(async () => {
  expect(await gateway.stop()).toEqual(BOOKS_IN_ORDER);
});

const here = () => ({ ...gateway, url: replica.url });
const residentKiB = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${replica.pid}/status`, "utf8"))?.[1]);

/** How much memory the process takes at most beyond what it had, while it answers; mebibytes. */
async function growthWhile(work: () => Promise<unknown>): Promise<number> {
  const before = residentKiB();
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, residentKiB());
  }, 20);
  await work().finally(() => clearInterval(timer));
  return (Math.max(most, residentKiB()) - before) / 1024;
}

async function drink(model: string) {
  const response = await ask(here(), model);
  let bytes = 0;
  for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) bytes += piece.length;
  return { status: response.status, bytes };
}

describe.each(WIRE_NAMES)("%s: what an upstream sends too much of does not fill the memory", (wire) => {
  test.each([
    ["a line of a gibibyte", `line-${wire}`],
    ["words without end, 64 KiB each", `large-${wire}`],
    ["a million events of one letter", `tiny-${wire}`],
    ["64 MiB, packed a thousandfold", `bomb-${wire}`],
  ])("%s", async (what, model) => {
    // What a process takes to be up to speed, and lets its heap grow to, is not what is asked about.
    for (const warm of ["bomb", "large", "large", "bomb"]) await drink(`${warm}-${wire}`);
    const started = performance.now();
    const growth = await growthWhile(() => drink(model));
    console.log(
      `${wire}, ${what}: ${growth.toFixed(0)} MiB more, ${((performance.now() - started) / 1000).toFixed(1)} s`,
    );
    expect(growth).toBeLessThan(64);
  });
});
