import { afterAll, beforeAll, expect, test } from "vitest";
import type { ApiHandler } from "@/lib/http/api-handler";
import { mintKey } from "@/lib/keys/manage";
import { routedGateway } from "@/tests/routed-gateway";
import { chatCompletions } from "./chat-completions";
import * as api from "./guardrails-api";
import { listUserModels } from "./models-api";

let gateway: Awaited<ReturnType<typeof routedGateway>>;

beforeAll(async () => {
  gateway = await routedGateway([
    { model: "test/one", provider: "alpha", endpoint: { retainsPrompts: true } },
    { model: "test/one", provider: "beta", price: 2_000_000n, endpoint: { retainsPrompts: false } },
    { model: "test/two", provider: "alpha" },
  ]);
});
afterAll(() => gateway.stop());

async function account() {
  const { accountId, key } = await gateway.customer();
  const manager = await mintKey({ accountId, name: "manager", kind: "management" });
  const { key: guarded, row } = await mintKey({ accountId, name: "guarded" });
  const call = async (handler: ApiHandler, path: string, body?: unknown) => {
    const { status, json } = await gateway.call(handler, manager.key, { path: `/api/v1${path}`, body });
    return { status, json };
  };
  const make = async (body: object) =>
    (await call(api.createGuardrail, "/guardrails", { name: "test", ...body })).json.data.id as string;
  const assign = async (id: string) =>
    call(api.assignKeys, `/guardrails/${id}/assignments/keys`, { key_hashes: [row.hash] });
  const ask = (body: object = {}, by = guarded) =>
    gateway.call(chatCompletions, by, {
      body: { model: "test/one", max_tokens: 50, messages: [{ role: "user", content: "Hi" }], ...body },
    });
  return { accountId, key, guarded, hash: row.hash, call, make, assign, ask };
}

test("a guardrail is made, read, changed field by field, listed and deleted", async () => {
  const { call } = await account();
  const made = await call(api.createGuardrail, "/guardrails", {
    ...{ name: "Trial", description: "For trials", limit_usd: 0.1, reset_interval: "daily" },
    ...{ allowed_providers: ["alpha"], enforce_zdr_openai: true, content_filters: null },
  });
  expect(made).toMatchObject({
    status: 201,
    json: {
      data: {
        ...{ name: "Trial", description: "For trials", limit_usd: 0.1, reset_interval: "daily" },
        ...{ allowed_providers: ["alpha"], allowed_models: null, enforce_zdr_openai: true, enforce_zdr: null },
        ...{ include_byok_in_budgets: false, updated_at: null },
      },
    },
  });
  const at = `/guardrails/${made.json.data.id}`;
  const changed = await call(api.patchGuardrail, at, {
    limit_usd: null,
    allowed_providers: null,
    ignored_models: ["a/b"],
  });
  const data = {
    ...{ name: "Trial", limit_usd: null, reset_interval: "daily" },
    ...{ allowed_providers: null, ignored_models: ["a/b"], enforce_zdr_openai: true },
  };
  expect(changed.json).toMatchObject({ data });
  expect((await call(api.getGuardrail, at)).json).toEqual(changed.json);
  expect((await call(api.listGuardrails, "/guardrails")).json).toEqual({ data: [changed.json.data], total_count: 1 });
  expect((await call(api.deleteGuardrail, at)).json).toEqual({ deleted: true });
  expect((await call(api.getGuardrail, at)).status).toBe(404);
});

test.each([
  [{ limit_usd: -1 }],
  [{ limit_usd: 0.0000000001 }],
  [{ reset_interval: "yearly" }],
  [{ allowed_models: [] }],
  [{ content_filters: [{ pattern: "secret", action: "block" }] }],
  [{ name: "" }],
])("%j is refused", async (body) => {
  const { call } = await account();
  expect((await call(api.createGuardrail, "/guardrails", { name: "test", ...body })).status).toBe(400);
});

test("keys are given a guardrail, one at most, and it is taken from them again", async () => {
  const { call, make, assign, hash, ask } = await account();
  const [one, other] = [await make({ allowed_models: ["test/two"] }), await make({})];
  expect((await assign(one)).json).toEqual({ assigned_count: 1 });
  const listed = await call(api.listKeyAssignments, "/guardrails/assignments/keys");
  expect(listed.json).toMatchObject({
    data: [{ guardrail_id: one, key_hash: hash, key_name: "guarded" }],
    total_count: 1,
  });
  expect((await ask()).status).toBe(404);
  expect((await assign(other)).json).toEqual({ assigned_count: 1 });
  expect((await call(api.listGuardrailKeys, `/guardrails/${one}/assignments/keys`)).json.total_count).toBe(0);
  expect((await call(api.listGuardrailKeys, `/guardrails/${other}/assignments/keys`)).json.total_count).toBe(1);
  expect((await ask()).status).toBe(200);
  const remove = (id: string) =>
    call(api.unassignKeys, `/guardrails/${id}/assignments/keys/remove`, { key_hashes: [hash] });
  expect((await remove(one)).json).toEqual({ unassigned_count: 0 });
  expect((await remove(other)).json).toEqual({ unassigned_count: 1 });
});

test("another account's guardrails and keys are as if they were not there", async () => {
  const [ada, ben] = [await account(), await account()];
  const id = await ben.make({ allowed_models: ["test/two"] });
  await ben.assign(id);
  for (const [handler, path, body] of [
    [api.getGuardrail, `/guardrails/${id}`, undefined],
    [api.patchGuardrail, `/guardrails/${id}`, { limit_usd: 1 }],
    [api.deleteGuardrail, `/guardrails/${id}`, undefined],
    [api.listGuardrailKeys, `/guardrails/${id}/assignments/keys`, undefined],
    [api.assignKeys, `/guardrails/${id}/assignments/keys`, { key_hashes: [ada.hash] }],
    [api.unassignKeys, `/guardrails/${id}/assignments/keys/remove`, { key_hashes: [ben.hash] }],
    [api.getGuardrail, "/guardrails/nonsense", undefined],
  ] as const)
    expect((await ada.call(handler, path, body)).status).toBe(404);
  const own = await ada.make({});
  const taken = await ada.call(api.assignKeys, `/guardrails/${own}/assignments/keys`, {
    key_hashes: [ada.hash, ben.hash],
  });
  expect(taken.status).toBe(404);
  expect((await ada.call(api.listKeyAssignments, "/guardrails/assignments/keys")).json.total_count).toBe(0);
  expect((await ben.call(api.listKeyAssignments, "/guardrails/assignments/keys")).json.total_count).toBe(1);
  expect((await gateway.call(api.listGuardrails, ada.key)).status).toBe(403);
});

test("a key reaches what its guardrail allows, and a request can only narrow it", async () => {
  const { make, assign, ask, key, call, guarded } = await account();
  const id = await make({ name: "Careful", enforce_zdr: true });
  await assign(id);
  gateway.sent();
  expect((await ask({ provider: { zdr: false, sort: "price" } })).status).toBe(200);
  expect(gateway.sent().map(({ provider }) => provider)).toEqual(["beta"]);
  expect((await ask({}, key)).status).toBe(200);
  const refused = await ask({ provider: { only: ["alpha"] } });
  expect(refused.status).toBe(404);
  expect(refused.json.error.message).toContain("The guardrail Careful of this API key does not allow alpha");
  expect((await ask({ model: "test/two" })).status).toBe(404);
  expect((await ask({ model: "openrouter/auto" })).json.provider).toBe("BETA");
  await call(api.patchGuardrail, `/guardrails/${id}`, { enforce_zdr: null, ignored_models: ["test/one"] });
  expect((await ask({ model: "test/two" })).status).toBe(200);
  expect((await ask()).status).toBe(404);
  const { json } = await gateway.call(listUserModels, guarded);
  expect(json.data.map((model: { id: string }) => model.id)).toEqual(["test/two"]);
});

test("who has spent his guardrail's budget is told so, and a larger one serves him again at once", async () => {
  const { make, assign, ask, call } = await account();
  // As much as the first may cost: 82 tokens at a millionth of a dollar, and 50 at two.
  const id = await make({ limit_usd: 0.000182, reset_interval: "monthly" });
  await assign(id);
  const first = await ask({ provider: { only: ["alpha"] } });
  expect([first.status, first.json.usage.cost]).toEqual([200, 0.000182]);
  const refused = await ask();
  expect(refused.status).toBe(403);
  expect(refused.json.error).toMatchObject({
    message: expect.stringContaining("budget"),
    metadata: { error_type: "permission_denied", resets_at: expect.stringMatching(/-01T00:00:00/) },
  });
  await call(api.patchGuardrail, `/guardrails/${id}`, { limit_usd: 0.0003 });
  const short = await ask({ max_tokens: 1_000 });
  expect([short.status, short.json.error.message]).toEqual([402, expect.stringContaining("the guardrail's budget")]);
  await call(api.patchGuardrail, `/guardrails/${id}`, { limit_usd: 1 });
  expect((await ask()).status).toBe(200);
});
