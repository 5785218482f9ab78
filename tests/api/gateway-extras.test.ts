import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startStandIns } from "../../scripts/stand-ins/start.mjs";
import { type App, type Customer, eventually, startApp } from "../app";

let app: App;
let standIns: Awaited<ReturnType<typeof startStandIns>>;
let customer: Customer;

beforeAll(async () => {
  standIns = await startStandIns({ chunkDelayMs: 20 });
  app = await startApp({ env: { OPENAI_API_KEY: "stand-in", OPENAI_BASE_URL: standIns.openai } });
  customer = await app.customer("10");
});
afterAll(async () => {
  await app.stop();
  await standIns.stop();
});

const hello = { model: "openai/gpt-4o-mini", messages: [{ role: "user" as const, content: "Hello" }] };

const idsOf = (text: string) => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));
const saidIn = (text: string) =>
  [...text.matchAll(/^data: (\{.*\})$/gm)]
    .map(([, data = ""]) => JSON.parse(data).choices?.[0]?.delta?.content ?? "")
    .join("");

test("a stream whose connection is cut is gone on with by another, and charged once", async () => {
  const headers = { authorization: `Bearer ${customer.key}`, "content-type": "application/json" };
  const ask = (more: object) => ({
    method: "POST",
    body: JSON.stringify({ ...hello, stream: true }),
    headers,
    ...more,
  });
  const whole = await (await fetch(`${app.url}/api/v1/chat/completions`, ask({}))).text();

  const cut = new AbortController();
  const answer = await fetch(
    `${app.url}/api/v1/chat/completions`,
    ask({ headers: { ...headers, "x-openrouter-resumable": "true" }, signal: cut.signal }),
  );
  const id = answer.headers.get("x-generation-id") ?? "";
  let begun = "";
  for await (const piece of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    begun += piece;
    if (idsOf(begun).length >= 2) break;
  }
  cut.abort();
  // What came of an event that was cut is not counted as had.
  begun = begun.slice(0, begun.lastIndexOf("\n\n") + 2);
  const last = idsOf(begun).at(-1);
  const address = `${app.url}/api/v1/generation/${id}/stream`;
  const rest = await fetch(address, { headers: { ...headers, "last-event-id": String(last) } });
  expect(rest.headers.get("content-type")).toContain("text/event-stream");
  const text = begun + (await rest.text());
  expect(idsOf(text)).toEqual(idsOf(text).map((_, index) => index + 1));
  expect(idsOf(begun).length).toBeLessThan(idsOf(text).length);
  expect(saidIn(text)).toBe(saidIn(whole));
  expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
  const charges = await eventually(
    () => app.sql`select kind from ledger where source_id = ${id}`,
    (rows) => rows.length > 0,
  );
  expect(charges).toHaveLength(1);
  const [row] = await app.sql`select outcome from generations where id = ${id}`;
  expect(row?.outcome).toBe("completed");

  const stranger = await app.customer("1");
  const theirs = await fetch(address, { headers: { authorization: `Bearer ${stranger.key}` } });
  expect([theirs.status, (await theirs.json()).error.code]).toEqual([404, 404]);
});

test("the openai client is told by the headers when it may ask again", async () => {
  const rated = await app.customer("1");
  await app.sql`update api_keys set requests_per_minute = 2 where hash = ${rated.hash}`;
  const asked = await Promise.allSettled(Array.from({ length: 5 }, () => rated.client.chat.completions.create(hello)));
  expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
  const refused = asked.find(({ status }) => status === "rejected") as PromiseRejectedResult;
  expect(refused.reason).toBeInstanceOf(OpenAI.RateLimitError);
  const { headers, status, message } = refused.reason as InstanceType<typeof OpenAI.RateLimitError>;
  expect([status, message]).toEqual([429, expect.stringContaining("2 requests a minute")]);
  expect(headers?.get("x-ratelimit-limit")).toBe("2");
  expect(headers?.get("x-ratelimit-remaining")).toBe("0");
  expect(Number(headers?.get("x-ratelimit-reset"))).toBeGreaterThan(Date.now());
  expect(Number(headers?.get("retry-after"))).toBeGreaterThan(0);
});
