import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { listEndpoints } from "@/db/queries/catalogue";
import { health } from "@/lib/health/endpoint-health";
import { ask, readWellEnded } from "@/tests/ask";
import { useFreshDatabase } from "@/tests/database";
import { answers, refusesWith } from "@/tests/faulty-upstream/faults";
import type { Fault } from "@/tests/faulty-upstream/start";
import { type Gateway, startGateway } from "@/tests/gateway";

const slowly: Fault = async (exchange) => {
  await sleep(3_000);
  if (!exchange.response.destroyed) await answers(exchange);
};

let gateway: Gateway;
const order = ["first", "second"];

beforeAll(async () => {
  const served = ["slow", "both-fail", "by-model"].map((model) => ({
    ...{ model, wire: "openai" as const, providers: { first: answers, second: answers } },
  }));
  gateway = await startGateway(await useFreshDatabase(), served);
  // Two hundred requests that were answered in time: what is late is known, and ten may be hedged.
  for (let requests = 0; requests < 200; requests += 20)
    await Promise.all(
      Array.from({ length: 20 }, async () => (await ask(gateway, served[0]?.model ?? "", { order })).text()),
    );
  for (const model of ["both-fail", "by-model"])
    for (const { endpoint } of await listEndpoints(db(), `test/${model}`))
      for (let answered = 0; answered < 20; answered++)
        health()
          .begin({ id: endpoint.id, modelSlug: model, provider: { slug: "any", name: "Any" } })
          ?.answered(20);
});
afterAll(async () => {
  expect(await gateway.stop()).toMatchObject({ openHolds: 0, held: "0" });
});

const asked = (model: string, body: object = {}) => ask(gateway, model, { body: { provider: { order, ...body } } });
const booksOf = (response: Response) => gateway.books(response.headers.get("x-generation-id") ?? "");

test("who asks for it is answered by the next endpoint when the first is late; the slower is ended, recorded and not billed", async () => {
  gateway.upstream.script("first", "slow", slowly);
  const before = gateway.upstream.exchanges("first", "slow").length;
  const startedAt = performance.now();
  const response = await asked("slow", { hedge: true });
  const said = readWellEnded(await response.text());
  expect(performance.now() - startedAt).toBeLessThan(2_500);
  expect(said).toMatchObject({ text: "One two three", finish: "stop", error: undefined });
  const slower = gateway.upstream.exchanges("first", "slow").slice(before);
  expect(slower).toHaveLength(1);
  expect(((await slower[0]?.closed) ?? 0) - startedAt).toBeLessThan(2_900);
  const books = await booksOf(response);
  expect(books).toMatchObject({ outcome: "completed", hold: "settled" });
  expect(books.attempts).toMatchObject([{ provider: "first", failure: "hedged" }]);
  const [row] = await gateway.sql`
    select g.provider_slug, g.cost_nano, h.amount_nano from generations g join holds h on h.id = g.id
     where g.id = ${response.headers.get("x-generation-id")}`;
  expect(row?.provider_slug).toBe("second");
  expect(BigInt(row?.amount_nano)).toBeGreaterThanOrEqual(BigInt(row?.cost_nano));
});

test("who does not ask for it waits", async () => {
  gateway.upstream.script("first", "slow", slowly);
  const before = gateway.upstream.exchanges("second", "slow").length;
  const response = await asked("slow");
  expect(readWellEnded(await response.text()).text).toBe("One two three");
  expect((await booksOf(response)).attempts).toEqual([]);
  expect(gateway.upstream.exchanges("second", "slow")).toHaveLength(before);
});

test("when the rival fails, the first decides, and when both fail the caller is told of both", async () => {
  gateway.upstream.script("first", "both-fail", slowly);
  gateway.upstream.script("second", "both-fail", refusesWith(400));
  const response = await asked("both-fail", { hedge: true });
  expect(readWellEnded(await response.text()).text).toBe("One two three");
  expect((await booksOf(response)).attempts).toMatchObject([{ provider: "second", failure: "invalid_request" }]);
  gateway.upstream.script("first", "both-fail", async (exchange) => {
    await sleep(1_500);
    refusesWith(400)(exchange);
  });
  const failed = await asked("both-fail", { hedge: true });
  expect(failed.status).toBe(400);
  expect((await failed.json()).error.metadata).toMatchObject({
    provider_name: "first",
    previous_errors: [{ provider: "second" }],
  });
});

test("a model may be hedged for everybody, and a request may do without", async () => {
  await gateway.sql`update models set hedge = true where slug = 'test/by-model'`;
  await sleep(5_500);
  gateway.upstream.script("first", "by-model", slowly);
  const response = await asked("by-model");
  expect(readWellEnded(await response.text()).text).toBe("One two three");
  expect((await booksOf(response)).attempts).toMatchObject([{ provider: "first", failure: "hedged" }]);
  expect((await booksOf(await asked("by-model", { hedge: false }).then(read))).attempts).toEqual([]);
});

async function read(response: Response): Promise<Response> {
  await response.text();
  return response;
}

test("a caller who hangs up in the middle of a race ends both", async () => {
  gateway.upstream.script("first", "by-model", slowly);
  gateway.upstream.script("second", "by-model", slowly);
  const hangUp = new AbortController();
  const [firsts, seconds] = [
    gateway.upstream.exchanges("first", "by-model"),
    gateway.upstream.exchanges("second", "by-model"),
  ];
  const before = [firsts.length, seconds.length];
  const going = ask(gateway, "by-model", { body: { provider: { order, hedge: true } }, signal: hangUp.signal });
  going.catch(() => {});
  await expect
    .poll(() => [firsts.length, seconds.length], { timeout: 2_500, interval: 20 })
    .toEqual(before.map((count) => count + 1));
  const at = performance.now();
  hangUp.abort();
  for (const racers of [firsts, seconds]) expect(((await racers.at(-1)?.closed) ?? 0) - at).toBeLessThan(1_500);
  const open = async () =>
    (await gateway.sql`select count(*)::int as count from holds where status = 'open'`)[0]?.count;
  await expect.poll(open, { timeout: 8_000 }).toBe(0);
});
