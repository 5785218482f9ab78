import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { findDrift } from "@/db/queries/accounts";
import { settled } from "@/lib/billing/settle";
import { mintKey, type Rates } from "@/lib/keys/manage";
import { routedGateway } from "@/tests/routed-gateway";
import { chatCompletions } from "./chat-completions";
import { createKey, getCurrentKey, patchKey } from "./keys-api";

let gateway: Awaited<ReturnType<typeof routedGateway>>;

beforeAll(async () => {
  process.env.FREE_MODEL_REQUESTS_PER_MINUTE = "3";
  gateway = await routedGateway([
    { model: "test/paid", provider: "alpha" },
    { model: "test/given:free", provider: "beta", price: 0n },
    { model: "test/house", provider: "gamma", price: 0n },
  ]);
});
afterAll(() => gateway.stop());

const asking = (model: string, more: object = {}) => ({
  body: { model, messages: [{ role: "user", content: "Hello" }], max_tokens: 10, ...more },
});
const PAID = asking("test/paid");
const FREE = asking("test/given:free");

/** A customer whose key has these rates. */
async function rated(rates: Rates, credits?: string) {
  const customer = await gateway.customer(credits);
  const { key, row } = await mintKey({
    ...{ accountId: customer.accountId, name: "rated" },
    ...rates,
  });
  return { ...customer, key, row };
}

const ask = async (key: string, call = PAID) => gateway.call(chatCompletions, key, call);

test("of many requests at once exactly as many pass as the key may make a minute, and the rest learn when", async () => {
  const { key } = await rated({ requestsPerMinute: 7 });
  const answers = await Promise.all(Array.from({ length: 60 }, () => ask(key)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(7);
  const [refused] = answers.filter(({ status }) => status === 429);
  const reset = Number(refused?.headers["X-RateLimit-Reset"]) - Date.now();
  expect(refused?.headers).toMatchObject({ "X-RateLimit-Limit": "7", "X-RateLimit-Remaining": "0" });
  expect(reset).toBeGreaterThan(50_000);
  expect(reset).toBeLessThan(120_000);
  expect(Math.abs(Number(refused?.headers["retry-after"]) * 1000 - reset)).toBeLessThan(2_000);
  expect(refused?.json.error).toMatchObject({
    code: 429,
    message: "Rate limit exceeded: this key may make 7 requests a minute.",
    metadata: { error_type: "rate_limit_exceeded", headers: { "X-RateLimit-Limit": "7" } },
  });
  expect((await findDrift(db())).keys).toEqual([]);
});

test("what was asked in the minute before counts as far as it lies within a minute: nobody has his rate twice", async () => {
  const { key, row } = await rated({ requestsPerMinute: 4 });
  for (let times = 0; times < 4; times++) expect((await ask(key)).status).toBe(200);
  const ago = (seconds: number) =>
    db().execute(`update rate_counters set since = now() - interval '${seconds} seconds' where subject = '${row.id}'`);
  await ago(60);
  expect((await ask(key)).status).toBe(429);
  await ago(92);
  expect([(await ask(key)).status, (await ask(key)).status, (await ask(key)).status]).toEqual([200, 200, 429]);
  await ago(121);
  expect((await ask(key)).status).toBe(200);
});

test("what is refused for want of credits does not count", async () => {
  const { key } = await rated({ requestsPerMinute: 1 }, "0.001");
  const dear = asking("test/paid", { max_tokens: 900, messages: [{ role: "user", content: "word ".repeat(900) }] });
  expect((await ask(key, dear)).status).toBe(402);
  expect((await ask(key)).status).toBe(200);
  expect((await ask(key)).status).toBe(429);
});

test("tokens count by what a request turned out to use", async () => {
  const { key } = await rated({ tokensPerMinute: 400 });
  // Each uses 150, whatever it asked for.
  for (let times = 0; times < 2; times++) expect((await ask(key)).status).toBe(200);
  await settled();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const more = await ask(key, asking("test/paid", { max_tokens: 120 }));
  expect([more.status, more.headers["X-RateLimit-Limit"], more.headers["X-RateLimit-Remaining"]]).toEqual([
    429,
    "400",
    "100",
  ]);
  expect((await ask(key)).status).toBe(200);
});

test("a request that is larger than the key's tokens a minute is told so, and not to come again", async () => {
  const { key } = await rated({ tokensPerMinute: 400 });
  const { status, headers, json } = await ask(key, asking("test/paid", { max_tokens: 500 }));
  expect([status, headers["retry-after"]]).toEqual([429, undefined]);
  expect(json.error.message).toContain("this request alone");
});

test("so many at once and no more; when one has ended, the next may come", async () => {
  const { key } = await rated({ parallelRequests: 2 });
  const answers = await Promise.all(Array.from({ length: 6 }, () => ask(key)));
  expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(2);
  for (let times = 0; times < 5; times++) expect((await ask(key)).status).toBe(200);
  await db().execute(
    `insert into holds (id, account_id, key_id, amount_nano, created_at, expires_at)
     select 'open-' || n || k.id, k.account_id, k.id, 0, now(), now() + interval '1 minute' from api_keys k, generate_series(1, 2) n where k.parallel_requests = 2`,
  );
  const { status, json } = await ask(key);
  expect([status, json.error.metadata.limit_source]).toEqual([429, "key_parallel_requests"]);
  await db().execute("update holds set status = 'released' where id like 'open-%'");
});

test("free models have their rates a minute and a day, whichever key of the account asks", async () => {
  const { accountId, key } = await gateway.customer("9");
  const other = await mintKey({ accountId, name: "other" });
  const answers = await Promise.all([key, other.key].flatMap((one) => [1, 2, 3].map(() => ask(one, FREE))));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
  expect(answers.find(({ status }) => status === 429)?.json.error.message).toBe(
    "Rate limit exceeded: free-models-per-min.",
  );
  const later = () =>
    db().execute(
      `update rate_counters set since = now() - interval '3 minutes' where subject = '${accountId}' and what = 'free'`,
    );
  await later();
  await db().execute(`update rate_counters set counted = 49 where subject = '${accountId}' and what like 'free 20%'`);
  expect((await ask(key, FREE)).status).toBe(200);
  const { json: current } = await gateway.call(getCurrentKey, key);
  expect(current.data.free_model_daily_requests).toEqual({ limit: 50, remaining: 0, used: 50 });
  const spent = await ask(key, FREE);
  expect(spent.json.error).toMatchObject({
    message: "Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day",
    metadata: { limit_source: "openrouter_free_tier_daily", headers: { "X-RateLimit-Limit": "50" } },
  });
  expect(Number(spent.headers["X-RateLimit-Reset"]) % 86_400_000).toBe(0);
  // A dollar more is ten in all.
  await db().execute(`select credit('${accountId}', 1000000000, 'topup', 'test', 'more-${accountId}')`);
  expect((await ask(key, FREE)).status).toBe(200);
  // What costs nothing by a name of its own is not a free model's variant, and other models are not limited.
  for (const model of ["test/house", "test/paid"])
    for (let times = 0; times < 5; times++) expect((await ask(key, asking(model))).status).toBe(200);
});

test("a key's rates are set and read by the keys API, and act at once", async () => {
  const { accountId } = await gateway.customer();
  const manager = (await mintKey({ accountId, name: "manager", kind: "management" })).key;
  const made = await gateway.call(createKey, manager, {
    body: { name: "a", rate_limits: { requests_per_minute: 1, parallel_requests: 3 } },
  });
  const { hash } = made.json.data;
  expect(made.json.data.rate_limits).toEqual({ requests_per_minute: 1, tokens_per_minute: null, parallel_requests: 3 });
  expect([(await ask(made.json.key)).status, (await ask(made.json.key)).status]).toEqual([200, 429]);
  const changed = await gateway.call(patchKey, manager, {
    path: `/api/v1/keys/${hash}`,
    body: { rate_limits: { requests_per_minute: null } },
  });
  expect(changed.json.data.rate_limits).toEqual({
    ...{ requests_per_minute: null, tokens_per_minute: null, parallel_requests: 3 },
  });
  expect((await ask(made.json.key)).status).toBe(200);
  const wrong = await gateway.call(createKey, manager, {
    body: { name: "a", rate_limits: { requests_per_minute: 0 } },
  });
  expect([wrong.status, wrong.json.error.message]).toEqual([
    400,
    expect.stringContaining("rate_limits.requests_per_minute"),
  ]);
});
