import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chatCompletions } from "@/lib/gateway/chat-completions";
import { nextRoute } from "@/lib/http/next-route";
import { ask } from "../ask";
import { useFreshDatabase } from "../database";
import * as faults from "../faulty-upstream/faults";
import type { Exchange, Fault } from "../faulty-upstream/start";
import { INPUT_TOKENS, OUTPUT_TOKENS, WIRE_NAMES, WORDS } from "../faulty-upstream/wires";
import { BOOKS_IN_ORDER, type Gateway, type Served, startGateway } from "../gateway";
import { answersInPhases, hangUp, hangUps, percentile, until } from "../hang-ups";

const PATIENCE = { silence: 100, stalled: 400 };
const COST = BigInt(INPUT_TOKENS * 1_000 + OUTPUT_TOKENS * 2_000);
/** Of each format, a provider that goes on, and charges, when its caller has gone. */
const BILLS_ON = {
  openai: "groq",
  "openai-responses": "mistral",
  anthropic: "amazon-bedrock",
  google: "google-ai-studio",
};

/** The sound answer, a word every so often. */
const slowly =
  (milliseconds: number): Fault =>
  async (exchange) => {
    const { response, wire } = exchange;
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(wire.lead);
    for (const word of WORDS) {
      response.write(wire.word(word));
      await sleep(milliseconds);
    }
    response.end(wire.finish(true) + wire.usage + wire.end);
  };

let open = () => {};
const gate = new Promise<void>((resolve) => {
  open = resolve;
});

/** Goes on after its first word when the test lets it. */
const gated: Fault = async ({ response, wire }) => {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(wire.lead + wire.word("One "));
  await gate;
  response.end(wire.word("two three") + wire.finish(true) + wire.usage + wire.end);
};

/** Says nothing until it has it all. */
const atOnceAfter =
  (milliseconds: number): Fault =>
  async (exchange) => {
    await sleep(milliseconds);
    await faults.answers(exchange);
  };

const brokenAfter =
  (milliseconds: number): Fault =>
  async (exchange) => {
    await sleep(milliseconds);
    exchange.socket.destroy();
  };

const served: Served[] = WIRE_NAMES.flatMap((wire) => {
  const first = `first-${wire}`;
  const regardless = BILLS_ON[wire];
  return [
    ...answersInPhases(wire),
    { model: `hangs-${wire}`, wire, providers: { [first]: faults.hangsAfter(2) } },
    { model: `heard-${wire}`, wire, providers: { [regardless]: slowly(60) } },
    { model: `heard-late-${wire}`, wire, providers: { [regardless]: atOnceAfter(200) } },
    { model: `unheard-${wire}`, wire, providers: { [regardless]: brokenAfter(150), [first]: faults.answers } },
    { model: `crowd-${wire}`, wire, providers: { [regardless]: gated } },
  ];
});

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startGateway(await useFreshDatabase(), served, { patience: PATIENCE });
});
afterAll(async () => {
  expect(await gateway.stop()).toEqual(BOOKS_IN_ORDER);
});

const exchangesOf = (model: string, provider: string): Exchange[] => gateway.upstream.exchanges(provider, model);

test("the provider learns at once that the caller has hung up, in whatever phase of the answer", async () => {
  const waits = await hangUps(gateway, 2);
  expect(waits).toHaveLength(40);
  // A busy machine may be late a few times; tests/long/hang-ups.test.ts has the figure.
  expect(percentile(waits, 0.9)).toBeLessThan(250);
});

describe.each(WIRE_NAMES)("%s", (wire) => {
  test("who hangs up between words pays for what was generated, and no more", async () => {
    const model = `between-words-${wire}`;
    await hangUp(gateway, model, `first-${wire}`, 100);
    const books = await gateway.lastBooks(model);
    expect(books).toMatchObject({ outcome: "cancelled", usageSource: "estimate", hold: "settled" });
    expect(books.output).toBeGreaterThan(0);
    expect(books.output).toBeLessThan(100);
    expect(books.costNano).toBe(BigInt(books.input * 1_000 + books.output * 2_000));
  });

  test("a provider that bills on is heard to its end, and its own count is paid", async () => {
    const model = `heard-${wire}`;
    const gone = new AbortController();
    const response = await ask(gateway, model, { signal: gone.signal });
    gone.abort();
    const [exchange] = exchangesOf(model, BILLS_ON[wire]);
    await until(() => exchange?.response.writableFinished);
    expect(await gateway.books(response.headers.get("x-generation-id") ?? "")).toMatchObject({
      ...{ outcome: "cancelled", usageSource: "provider", finish: "stop", costNano: COST, hold: "settled" },
      ...{ input: INPUT_TOKENS, output: OUTPUT_TOKENS },
    });
  });

  test("so is one whose caller left before its first word; but for another's answer nobody asks any more", async () => {
    for (const [model, cost] of [
      [`heard-late-${wire}`, COST],
      [`unheard-${wire}`, 0n],
    ] as const) {
      const gone = new AbortController();
      const order = [BILLS_ON[wire], `first-${wire}`];
      const answer = ask(gateway, model, { signal: gone.signal, order });
      answer.catch(() => {});
      await until(() => exchangesOf(model, BILLS_ON[wire])[0]);
      gone.abort();
      expect(await gateway.lastBooks(model)).toMatchObject({ outcome: "cancelled", costNano: cost });
    }
    expect(exchangesOf(`unheard-${wire}`, `first-${wire}`)).toHaveLength(0);
  });

  test("a silence in the middle of an answer is filled with comments", async () => {
    const gone = new AbortController();
    const response = await ask(gateway, `hangs-${wire}`, { signal: gone.signal });
    let text = "";
    const decoder = new TextDecoder();
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(piece);
      if (text.split(": OPENROUTER PROCESSING\n\n").length > 3) break;
    }
    expect(text.indexOf("two ")).toBeLessThan(text.indexOf(": OPENROUTER PROCESSING"));
    gone.abort();
  });

  test("a reader who takes nothing stops the provider, and is gone after a while; he pays for what was generated", async () => {
    const model = `in-a-flood-${wire}`;
    const before = exchangesOf(model, `first-${wire}`).length;
    const socket = await stalledReader(gateway, model);
    const exchange = await until(() => exchangesOf(model, `first-${wire}`)[before]);
    await exchange.closed;
    socket.destroy();
    const books = await gateway.lastBooks(model);
    expect(books).toMatchObject({ outcome: "cancelled", hold: "settled" });
    expect(books.costNano).toBeGreaterThan(0n);
  });

  test("at Next's mount, who cancels or takes nothing is gone as well, though no signal tells of it", async () => {
    const route = nextRoute(chatCompletions, PATIENCE);
    for (const leave of [(body: ReadableStream) => body.cancel(), () => {}]) {
      const model = `between-words-${wire}`;
      const before = exchangesOf(model, `first-${wire}`).length;
      const response = await route(requestOf(gateway, model));
      const reader = response.body?.getReader();
      await reader?.read();
      reader?.releaseLock();
      await leave(response.body as ReadableStream);
      await (await until(() => exchangesOf(model, `first-${wire}`)[before])).closed;
      expect(await gateway.books(response.headers.get("x-generation-id") ?? "")).toMatchObject({
        outcome: "cancelled",
        hold: "settled",
      });
    }
  });
});

test("of more answers than 64 that nobody waits for, the others are ended and counted for", async () => {
  const model = "crowd-openai";
  const gone = new AbortController();
  const asked = Array.from({ length: 70 }, () => ask(gateway, model, { signal: gone.signal }));
  const ids = (await Promise.all(asked)).map((response) => response.headers.get("x-generation-id") ?? "");
  gone.abort();
  // Those that are too many.
  await Promise.any(exchangesOf(model, BILLS_ON.openai).map(({ closed }) => closed));
  await sleep(500);
  open();
  const books = await Promise.all(ids.map((id) => gateway.books(id)));
  expect(new Set(books.map(({ outcome }) => outcome))).toEqual(new Set(["cancelled"]));
  expect(books.filter(({ usageSource }) => usageSource === "provider")).toHaveLength(64);
  expect(books.filter(({ usageSource }) => usageSource === "estimate")).toHaveLength(6);
});

const bodyOf = (model: string) =>
  JSON.stringify({
    model: `test/${model}`,
    stream: true,
    max_tokens: 100,
    messages: [{ role: "user", content: "Hello" }],
  });

const requestOf = ({ key }: Gateway, model: string) =>
  new Request("http://host/api/v1/chat/completions", {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: bodyOf(model),
  });

/** Asks over a socket of its own, reads the beginning and then no more. */
async function stalledReader({ url, key }: Gateway, model: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => {});
  const body = bodyOf(model);
  socket.write(
    `POST / HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await once(socket, "data");
  socket.pause();
  return socket;
}
