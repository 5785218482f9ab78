import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, eventually, startApp } from "../app";
import { type ScriptedUpstream, startScriptedUpstream } from "../scripted-upstream";

let app: App;
let upstream: ScriptedUpstream;

beforeAll(async () => {
  upstream = await startScriptedUpstream();
  app = await startApp();
});

afterAll(async () => {
  await app.stop();
  await upstream.stop();
});

test("an operator makes a user, a key, a provider and a model, and the running server serves it within five seconds", async () => {
  const user = await app.admin(
    "user",
    "create",
    "--email",
    "Ada@Example.com",
    "--password",
    "correct horse",
    "--credits",
    "1.5",
  );
  expect(user).toMatchObject({ email: "ada@example.com", credits: "1.5" });
  const welcome = ["--email", "ada@example.com", "--credits", "0.25", "--reference", "welcome", "--reason", "a gift"];
  await app.admin("user", "grant", ...welcome);
  expect(await app.admin("user", "grant", ...welcome)).toMatchObject({ outcome: "already" });
  expect(await app.admin("user", "list")).toEqual([
    expect.objectContaining({ email: "ada@example.com", balance: "1.75", role: "user" }),
  ]);

  const key = await app.admin("key", "create", "--user", "ada@example.com", "--limit", "0.5", "--reset", "monthly");
  expect(key).toMatchObject({
    key: expect.stringMatching(/^sk-or-v1-[0-9a-f]{64}$/),
    limit: "0.5",
    reset: "monthly",
    kind: "inference",
  });
  const [listed] = await app.admin("key", "list", "--user", "ada@example.com");
  expect(listed).toMatchObject({ hash: key.hash, label: key.label });
  expect(listed).not.toHaveProperty("key");

  const secret = "upstream-secret-0123456789";
  const provider = await app.admin(
    "provider",
    "add",
    "--slug",
    "mine",
    "--kind",
    "openai",
    "--base-url",
    upstream.baseUrl,
    "--api-key",
    secret,
  );
  expect(provider).toMatchObject({ slug: "mine", hasKey: true });
  expect(JSON.stringify([provider, await app.admin("provider", "list")])).not.toContain(secret);
  const [stored] = await app.sql`select sealed_api_key from providers where slug = 'mine'`;
  expect(stored?.sealed_api_key).not.toContain(secret);

  await app.admin("model", "add", "--slug", "mine/model", "--context", "8192");
  const endpoint = [
    "--model",
    "mine/model",
    "--provider",
    "mine",
    "--upstream-model",
    "answers",
    "--prompt",
    "0.0000000375",
    "--completion",
    "0.00000015",
  ];
  expect(await app.admin("endpoint", "add", ...endpoint)).toMatchObject({
    prompt: "0.0000000375",
    completion: "0.00000015",
  });
  const ask = () =>
    fetch(`${app.url}/api/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${key.key}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "mine/model", messages: [{ role: "user", content: "Hello" }] }),
    });
  const started = performance.now();
  const answer = await eventually(ask, ({ status }) => status === 200);
  expect(performance.now() - started).toBeLessThan(5_500);
  // 7 × 37,500 + 3 × 150,000 pico-USD are 712.5 nano-USD, rounded up once.
  expect((await answer.json()).usage.cost).toBe(0.000000713);

  const [row] = await app.admin("endpoint", "list", "--model", "mine/model");
  expect(row).toMatchObject({ provider: "mine", prompt: "0.0000000375" });
  await app.admin("endpoint", "add", ...endpoint.with(-1, "0.0000003"));
  const dearer = await eventually(
    async () => (await (await ask()).json()).usage.cost,
    (cost) => cost !== 0.000000713,
  );
  expect(dearer).toBe(0.000001163);
  // The record is written after the answer has gone out.
  const prices = () =>
    app.sql`select count(distinct price_id)::int as prices from generations where model_slug = 'mine/model'`;
  await eventually(prices, ([bills]) => bills?.prices === 2);
  await expect(app.sql`update endpoint_prices set prompt_pico = 1`).rejects.toMatchObject({ code: "LG003" });
  expect(await app.admin("money", "check")).toMatchObject({
    ok: true,
    drift: { accounts: [], keys: [], usage: [], overdueHolds: [] },
  });
});

test.each([
  [["user", "create", "--email", "nobody"], "e-mail"],
  [["user", "create"], "--email is needed"],
  [["user", "create", "--email", "a@b", "--credits", "1e3"], "decimal amount"],
  [["key", "create", "--user", "nobody@nowhere"], "there is no user"],
  [
    [
      "endpoint",
      "add",
      "--model",
      "no/such",
      "--provider",
      "openai",
      "--upstream-model",
      "x",
      "--prompt",
      "0",
      "--completion",
      "0",
    ],
    "there is no model",
  ],
  [
    ["provider", "add", "--slug", "x", "--kind", "openai", "--base-url", "file:///etc/passwd", "--api-key", "k"],
    "http(s)",
  ],
  [["user", "grant", "--email", "ada@example.com", "--credits", "1"], "--reason is needed"],
  [["user", "grant", "--email", "ada@example.com", "--credits=-9", "--reason", "a mistake"], "no more than that"],
  [["nonsense"], "there is no command"],
])("%j is refused with a sentence on standard error and exit code 1", async (args, sentence) => {
  await expect(app.admin(...args)).rejects.toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining(sentence),
  });
});

test("a code is made and shown once, and what the operator did is in the audit log", async () => {
  const made = await app.admin("code", "create", "--credits", "5", "--uses", "3", "--note", "conference");
  expect(made).toMatchObject({ code: expect.stringMatching(/^([0-9A-Z]{5}-){3}[0-9A-Z]{5}$/), credits: "5", uses: 3 });
  await app.admin("code", "disable", "--id", made.id);
  const [listed] = await app.admin("code", "list");
  expect(listed).toMatchObject({ id: made.id, used: 0, disabledAt: expect.any(String) });
  expect(JSON.stringify(listed)).not.toContain(made.code);
  await app.admin("user", "grant", "--email", "ada@example.com", "--credits=-0.5", "--reason", "given in error");
  const rows = await app.sql`select action, actor, reason from audit_log order by id desc limit 3`;
  expect(rows.map(({ action, reason }) => [action, reason])).toEqual([
    ["account.credit", "given in error"],
    ["code.disable", null],
    ["code.create", null],
  ]);
  expect(await app.sql`select * from audit_drift`).toHaveLength(0);
});

test("a nano-dollar is an amount like any other", async () => {
  await app.admin("user", "create", "--email", "exact@example.com", "--credits", "0.000000001");
  const users = await app.admin("user", "list");
  expect(users).toContainEqual(expect.objectContaining({ email: "exact@example.com", balance: "0.000000001" }));
});
