import { setTimeout as sleep } from "node:timers/promises";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, type Customer, eventually, startApp } from "../app";
import { type ScriptedUpstream, startScriptedUpstream } from "../scripted-upstream";

const UPSTREAM_KEY = "sk-upstream-9f8e7d6c5b4a39281706";

let app: App;
let upstream: ScriptedUpstream;
let customer: Customer;

/** Models by their upstream's behaviour; a million prompt tokens for a dollar, a million generated ones for two. */
const MODELS = {
  "test/costly": "answers",
  "test/affordable": "answers-slowly",
  "test/refused": "refuses",
  "test/bad-key": "bad-key",
  "test/broken": "breaks",
  "test/throttled": "throttles",
  "test/dying": "dies-midway",
  "test/endless": "goes-on-and-on",
  "test/greedy": "counts-too-much",
  "test/silent": "counts-nothing",
};

beforeAll(async () => {
  upstream = await startScriptedUpstream();
  app = await startApp();
  await app.admin(
    "provider",
    "add",
    "--slug",
    "scripted",
    "--name",
    "Scripted",
    "--kind",
    "openai",
    "--base-url",
    upstream.baseUrl,
    "--api-key",
    UPSTREAM_KEY,
  );
  await app.sql`insert into companies values ('test', 'Test')`;
  for (const [slug, upstreamModel] of Object.entries(MODELS)) {
    await app.sql`insert into models (slug, company_slug, name, context_length) values (${slug}, 'test', ${slug}, 100000)`;
    await app.sql`
      with endpoint as (
        insert into endpoints (model_slug, provider_slug, upstream_model, context_length, max_output)
        values (${slug}, 'scripted', ${upstreamModel}, 100000, 4096) returning id)
      insert into endpoint_prices (endpoint_id, prompt_pico, completion_pico) select id, 1000000, 2000000 from endpoint`;
  }
  customer = await app.customer("10");
  await known("test/silent");
});

afterAll(async () => {
  expect(await app.admin("money", "check")).toMatchObject({ ok: true });
  await app.stop();
  await upstream.stop();
});

const NO_PRICE = ["--prompt", "0", "--completion", "0"];

/** Serves a model as the operator would, and waits until the running server knows of it: five seconds at most. */
async function serve(slug: string, behaviour: string, prices: string[], provider = "scripted") {
  await app.admin("model", "add", "--slug", slug, "--context", "100000");
  await app.admin(
    "endpoint",
    "add",
    "--model",
    slug,
    "--provider",
    provider,
    "--upstream-model",
    behaviour,
    "--max-output",
    "4096",
    ...prices,
  );
  const started = performance.now();
  await known(slug);
  expect(performance.now() - started).toBeLessThan(5_500);
}

/** A model that is known refuses a cap beyond its own; one that is not is no model. */
const known = (slug: string) =>
  eventually(
    () => ask(hello(slug, { max_tokens: 1_000_000 })),
    ({ status }) => status === 404,
  );

async function ask(
  request: object,
  headers: Record<string, string> = { authorization: `Bearer ${customer.key}` },
  text?: string,
) {
  const response = await fetch(`${app.url}/api/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: text ?? JSON.stringify(request),
  });
  const answer = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text: answer,
    body: answer.startsWith("{") ? JSON.parse(answer) : undefined,
  };
}

const hello = (model: string, rest: object = {}) => ({
  model,
  messages: [{ role: "user", content: "Hello" }],
  ...rest,
});

const generation = (id: string | null) =>
  eventually(
    async () => (await app.sql`select * from generations where id = ${id}`)[0],
    (row) => row !== undefined,
  );

test.each([
  ["no JSON", 400, undefined, "{"],
  ["nothing", 400, undefined, ""],
  ["no messages", 400, { model: "openai/gpt-4o-mini" }],
  ["a temperature of five", 400, hello("openai/gpt-4o-mini", { temperature: 5 })],
  ["a model that nobody has", 400, hello("nobody/nothing")],
  ["no model", 400, { messages: [{ role: "user", content: "Hello" }] }],
  ["nesting without end", 400, undefined, `{"messages":${"[".repeat(5_000)}${"]".repeat(5_000)}}`],
])("%s is a %i in the envelope", async (_name, status, request, text?: string) => {
  const answer = await ask(request ?? {}, undefined, text);
  expect(answer.status).toBe(status);
  expect(answer.body.error).toMatchObject({
    code: status,
    message: expect.any(String),
    metadata: { error_type: "invalid_request" },
  });
  expect(answer.headers.get("content-type")).toContain("application/json");
});

test("a missing, malformed, unknown or management key is refused, before anything is read", async () => {
  expect(await ask({}, {})).toMatchObject({
    status: 401,
    body: { error: { code: 401, message: "Missing Authentication header" } },
  });
  const malformed = await ask({}, { authorization: "Bearer sk-or-v1-zzz" });
  const unknown = await ask({}, { authorization: `Bearer sk-or-v1-${"0".repeat(64)}` });
  expect([malformed.status, unknown.status]).toEqual([401, 401]);
  expect(unknown.text).toBe(malformed.text);
  const { key } = await app.admin("key", "create", "--user", customer.email, "--management");
  expect((await ask(hello("a/b"), { authorization: `Bearer ${key}` })).status).toBe(403);
});

test("a key that the operator disables is refused within five seconds, with the same words as an unknown one", async () => {
  const other = await app.customer("1");
  const auth = { authorization: `Bearer ${other.key}` };
  expect((await ask({}, auth)).status).toBe(400);
  await app.admin("key", "disable", "--user", other.email, "--hash", other.hash);
  const started = performance.now();
  const refused = await eventually(
    () => ask({}, auth),
    ({ status }) => status === 401,
  );
  expect(refused).toMatchObject({ status: 401, body: { error: { message: "Invalid API key" } } });
  expect(performance.now() - started).toBeLessThan(5_500);
});

test("a key that is disabled on the pages' side of the process is refused by the API at once", async () => {
  const other = await app.customer("1");
  const { key: managementKey } = await app.admin("key", "create", "--user", other.email, "--management");
  const auth = { authorization: `Bearer ${other.key}` };
  expect((await ask({}, auth)).status).toBe(400);
  const change = await fetch(`${app.url}/api/v1/keys/${other.hash}`, {
    method: "PATCH",
    headers: { authorization: `Bearer ${managementKey}`, "content-type": "application/json" },
    body: JSON.stringify({ disabled: true }),
  });
  expect(await change.json()).toMatchObject({ data: { hash: other.hash, disabled: true } });
  expect((await ask({}, auth)).status).toBe(401);
});

test("another account's key can be neither seen nor changed", async () => {
  const mallory = await app.customer("1");
  const { key } = await app.admin("key", "create", "--user", mallory.email, "--management");
  for (const method of ["GET", "PATCH", "DELETE"]) {
    const answer = await fetch(`${app.url}/api/v1/keys/${customer.hash}`, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(method === "PATCH" && { body: '{"disabled": true}' }),
    });
    expect(answer.status).toBe(404);
  }
  expect((await ask({})).status).toBe(400);
});

test("who has no credit is told so before the upstream is called", async () => {
  const poor = await app.customer("0");
  const answer = await ask(hello("test/costly"), { authorization: `Bearer ${poor.key}` });
  expect(answer).toMatchObject({
    status: 402,
    body: { error: { code: 402, metadata: { error_type: "payment_required" } } },
  });
  expect(upstream.calls.get("answers") ?? 0).toBe(0);
});

test("a caller who names no cap gets the output that his balance pays for; one who names too much is told what he can afford", async () => {
  const modest = await app.customer("0.002"); // a thousand output tokens' worth
  const auth = { authorization: `Bearer ${modest.key}` };
  const dear = await ask(hello("test/affordable", { max_tokens: 4_000 }), auth);
  expect(dear.status).toBe(402);
  expect(dear.body.error.message).toMatch(/can only afford (\d{3}) /);
  const running = ask(hello("test/affordable"), auth);
  const held = await eventually(
    async () =>
      (await app.sql`select amount_nano from holds where status = 'open' and account_id = ${modest.accountId}`)[0],
    (row) => row !== undefined,
  );
  expect(held?.amount_nano).toBe("2000000");
  expect((await running).status).toBe(200);
});

test("an upstream's refusal is passed on with its words and its name", async () => {
  const answer = await ask(hello("test/refused"));
  expect(answer.status).toBe(400);
  expect(answer.body.error.message).toContain("Scripted");
  expect(answer.body.error.message).toContain("temperature and seed disagree");
  expect(answer.body.error.metadata).toMatchObject({ provider_name: "Scripted", error_type: "invalid_request" });
});

test("the operator's key and an upstream's headers never reach the caller or the log", async () => {
  const answer = await ask(hello("test/bad-key"));
  expect(answer.status).toBe(502);
  const everything = answer.text + JSON.stringify([...answer.headers]) + app.output();
  expect(everything).not.toContain(UPSTREAM_KEY);
  expect(everything).not.toContain(UPSTREAM_KEY.slice(-8));
  expect(everything).not.toContain("internal-header");
});

test("an upstream that breaks is a 502 that names it, and one that throttles a 429 that says when", async () => {
  const broken = await ask(hello("test/broken"));
  expect(broken).toMatchObject({
    status: 502,
    body: { error: { metadata: { provider_name: "Scripted", error_type: "provider_unavailable" } } },
  });
  expect(broken.text).not.toContain("db-7.internal");
  const throttled = await ask(hello("test/throttled"));
  expect(throttled.status).toBe(429);
  expect(throttled.headers.get("retry-after")).toBe("7");
});

test("a provider that is down is a 502, and the next provider answers where there is one", async () => {
  await app.admin(
    "provider",
    "add",
    "--slug",
    "down",
    "--name",
    "Down",
    "--kind",
    "openai",
    "--base-url",
    "http://127.0.0.1:9/v1",
    "--api-key",
    "none",
  );
  await serve("test/down", "answers", NO_PRICE, "down");
  const alone = await ask(hello("test/down"));
  expect(alone).toMatchObject({ status: 502, body: { error: { metadata: { provider_name: "Down" } } } });
  await app.admin(
    "endpoint",
    "add",
    "--model",
    "test/down",
    "--provider",
    "scripted",
    "--upstream-model",
    "answers",
    "--prompt",
    "0.000001",
    "--completion",
    "0.000001",
  );
  const answer = await eventually(
    () => ask(hello("test/down")),
    ({ status }) => status === 200,
  );
  expect(answer.body).toMatchObject({ provider: "Scripted" });
});

test("a stream that dies midway ends with an error chunk in the stream, and costs nothing", async () => {
  const { status, text, headers } = await ask(hello("test/dying", { stream: true }));
  expect(status).toBe(200);
  const events = text.trim().split("\n\n");
  expect(events.at(-1)).toBe("data: [DONE]");
  const last = JSON.parse(events.at(-2)?.slice(6) ?? "");
  expect(last.error).toMatchObject({
    code: 502,
    metadata: { error_type: "provider_unavailable", provider_name: "Scripted" },
  });
  expect(last.choices).toEqual([expect.objectContaining({ index: 0, finish_reason: "error" })]);
  expect(text).toContain("A beginning");
  const row = await generation(headers.get("x-generation-id"));
  expect(row).toMatchObject({ outcome: "failed", cost_nano: "0" });
  expect(Number(row?.upstream_cost_nano)).toBeGreaterThan(0);
  const client = new OpenAI({ baseURL: `${app.url}/api/v1`, apiKey: customer.key, maxRetries: 0 });
  const stream = await client.chat.completions.create({
    model: "test/dying",
    messages: [{ role: "user", content: "Hello" }],
    stream: true,
  });
  await expect(async () => {
    for await (const _ of stream);
  }).rejects.toThrow(OpenAI.APIError);
});

test("a caller who hangs up ends the upstream's work, and pays for what was generated and no more", async () => {
  const abortedBefore = upstream.aborted();
  const hangUp = new AbortController();
  const response = await fetch(`${app.url}/api/v1/chat/completions`, {
    method: "POST",
    signal: hangUp.signal,
    headers: { authorization: `Bearer ${customer.key}`, "content-type": "application/json" },
    body: JSON.stringify(hello("test/endless", { stream: true })),
  });
  const id = response.headers.get("x-generation-id");
  const reader = response.body?.getReader();
  await reader?.read();
  await sleep(500);
  hangUp.abort();
  await reader?.read().catch(() => {});
  expect(
    await eventually(
      async () => upstream.aborted(),
      (count) => count > abortedBefore,
    ),
  ).toBe(abortedBefore + 1);
  const row = await generation(id);
  expect(row).toMatchObject({ outcome: "cancelled", usage_source: "estimate" });
  expect(row?.output_tokens).toBeGreaterThan(3);
  expect(row?.output_tokens).toBeLessThan(100);
  expect(BigInt(row?.cost_nano)).toBe(BigInt(row?.input_tokens) * 1_000n + BigInt(row?.output_tokens) * 2_000n);
});

test("a caller who hangs up at whatever moment leaves no hold behind, and the server goes on", async () => {
  await Promise.all(
    Array.from({ length: 60 }, async (_, index) => {
      const hangUp = new AbortController();
      setTimeout(() => hangUp.abort(), index / 2);
      await fetch(`${app.url}/api/v1/chat/completions`, {
        method: "POST",
        signal: hangUp.signal,
        headers: { authorization: `Bearer ${customer.key}`, "content-type": "application/json" },
        body: JSON.stringify(
          hello(index % 2 ? "test/endless" : "test/affordable", {
            stream: index % 2 === 1 || index % 3 > 0,
            max_tokens: 50,
          }),
        ),
      })
        .then((response) => response.text())
        .catch(() => {});
    }),
  );
  const open = async () => (await app.sql`select count(*)::int as open from holds where status = 'open'`)[0]?.open;
  expect(await eventually(open, (count) => count === 0)).toBe(0);
  expect((await ask(hello("test/silent"))).status).toBe(200);
});

test("a provider that counts more than can be is paid by the house: the caller pays his hold", async () => {
  const { body } = await ask(hello("test/greedy", { max_tokens: 10 }));
  const row = await generation(body.id);
  const [hold] = await app.sql`select amount_nano from holds where id = ${body.id}`;
  expect(row?.cost_nano).toBe(hold?.amount_nano);
  expect(BigInt(row?.overage_nano)).toBeGreaterThan(14_000_000_000n);
  expect(Math.round(body.usage.cost * 1e9).toString()).toBe(row?.cost_nano);
});

test("a provider that counts nothing is counted for", async () => {
  const { body } = await ask(hello("test/silent"));
  expect(body.usage).toMatchObject({ completion_tokens: 7 });
  expect(await generation(body.id)).toMatchObject({ usage_source: "estimate", output_tokens: 7 });
});

test("1,000 parallel requests on a balance for 50 are answered 50 times, and the balance ends at zero", async () => {
  await serve("test/flat", "answers-slowly", [...NO_PRICE, "--request", "0.001"]);
  const crowd = await app.customer("0.05");
  const before = upstream.calls.get("answers-slowly") ?? 0;
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, () =>
      ask(hello("test/flat", { max_tokens: 5 }), { authorization: `Bearer ${crowd.key}` }),
    ),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(50);
  expect(answers.filter(({ status }) => status === 402)).toHaveLength(950);
  expect((upstream.calls.get("answers-slowly") ?? 0) - before).toBe(50);
  const account = await eventually(
    async () => (await app.sql`select posted_nano, held_nano from accounts where id = ${crowd.accountId}`)[0],
    (row) => row?.held_nano === "0",
  );
  expect(account).toEqual({ posted_nano: "0", held_nano: "0" });
});

test("a path of the API that is not built answers in the envelope, and a browser's question is answered", async () => {
  const missing = await fetch(`${app.url}/api/v1/nothing/here`);
  expect(missing.status).toBe(404);
  expect(await missing.json()).toMatchObject({ error: { code: 404, metadata: { error_type: "not_found" } } });
  const preflight = await fetch(`${app.url}/api/v1/chat/completions`, { method: "OPTIONS" });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get("access-control-allow-headers")).toContain("Authorization");
});
