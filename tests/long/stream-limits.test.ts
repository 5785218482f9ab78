import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ask } from "../ask";
import { useFreshDatabase } from "../database";
import * as faults from "../faulty-upstream/faults";
import type { Exchange } from "../faulty-upstream/start";
import { WIRE_NAMES, wires } from "../faulty-upstream/wires";
import { BOOKS_IN_ORDER, type Gateway, startGateway } from "../gateway";
import { type Replica, startReplica } from "../start-replica";

const MIB = 1024 * 1024;
const WORD = "word ".repeat(100);
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
    { model: `flood-${wire}`, wire, providers: { [first]: faults.endless(WORD) }, maxOutput: 1_000_000 },
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
const portOf = (url: string) => Number(new URL(url).port);

/** What lies in the kernel between the ends of a connection: sent and not acknowledged, arrived and not read. */
function inKernel(localPort: number, remotePort: number): number {
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, "0");
  const ends = [
    [hex(localPort), hex(remotePort)],
    [hex(remotePort), hex(localPort)],
  ];
  let bytes = 0;
  for (const line of readFileSync("/proc/net/tcp", "utf8").split("\n").slice(1)) {
    const [, local = "", remote = "", , queues = ""] = line.trim().split(/\s+/);
    const [from, to] = [local.split(":")[1], remote.split(":")[1]];
    if (!ends.some(([a, b]) => a === from && b === to)) continue;
    const [sent = "0", arrived = "0"] = queues.split(":");
    bytes += Number.parseInt(sent, 16) + Number.parseInt(arrived, 16);
  }
  return bytes;
}

/** What a socket has given to the kernel so far. */
const handedOver = (socket: Socket) =>
  socket.bytesWritten - socket.writableLength - (Reflect.get(socket, "_handle")?.writeQueueSize ?? 0);

const chunked = (event: string) => event.length + event.length.toString(16).length + 4;

describe("a reader who takes nothing", () => {
  test.each(WIRE_NAMES)("stops the provider, and 256 KiB at most lie in between: %s", async (wire) => {
    const { key } = gateway;
    const socket = connect(portOf(replica.url), "127.0.0.1");
    const body = JSON.stringify({
      ...{ model: `test/flood-${wire}`, stream: true, max_tokens: 100 },
      messages: [{ role: "user", content: "Hello" }],
    });
    socket.write(
      `POST / HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    let text = "";
    while (text.split("data: ").length < 4) text += (await once(socket, "data"))[0].toString();
    socket.pause();
    const [exchange] = gateway.upstream.exchanges(`first-${wire}`, `flood-${wire}`);
    if (!exchange) throw new Error("the provider was not asked");
    let [before, still] = [-1, 0];
    while (still < 10) {
      await sleep(100);
      still = exchange.socket.bytesWritten === before ? still + 1 : 0;
      before = exchange.socket.bytesWritten;
    }
    const remote = exchange.socket.remotePort ?? 0;
    const kernelIn = inKernel(exchange.socket.localPort ?? 0, remote);
    const kernelOut = inKernel(socket.localPort ?? 0, portOf(replica.url));
    const taken = handedOver(exchange.socket) - kernelIn;
    const given = socket.bytesRead + kernelOut;
    const eventIn = chunked(wires[wire].word(WORD));
    const eventOut = chunked(`data: ${text.split("data: ")[2]}`);
    const held = (taken / eventIn - given / eventOut) * Math.max(eventIn, eventOut);
    console.log(
      `${wire}: the provider could write ${(exchange.socket.bytesWritten / MIB).toFixed(2)} MiB; in the kernel ${(kernelIn / MIB).toFixed(2)} before and ${(kernelOut / MIB).toFixed(2)} MiB after the gateway; held by it ${(held / 1024).toFixed(0)} KiB`,
    );
    // The queues are read one after the other, which is as exact as this.
    expect(held).toBeGreaterThan(-256 * 1024);
    expect(held).toBeLessThan(256 * 1024);
    socket.destroy();
    await exchange.closed;
  });
});

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
    // What a process takes to be up to speed is not what is asked about.
    for (let times = 0; times < 3; times++) await drink(`bomb-${wire}`);
    const started = performance.now();
    const growth = await growthWhile(() => drink(model));
    console.log(
      `${wire}, ${what}: ${growth.toFixed(0)} MiB more, ${((performance.now() - started) / 1000).toFixed(1)} s`,
    );
    expect(growth).toBeLessThan(64);
  });
});
