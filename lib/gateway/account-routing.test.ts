import { afterAll, beforeAll, expect, test } from "vitest";
import type { RoutingSettings } from "@/db/schema";
import { routedGateway } from "@/tests/routed-gateway";
import { saveRouting } from "./account-routing";
import { chatCompletions } from "./chat-completions";
import { completions } from "./completions";
import { messages } from "./messages";
import { listUserModels } from "./models-api";
import { presetFromChat } from "./presets-api";
import { responses } from "./responses";

let gateway: Awaited<ReturnType<typeof routedGateway>>;

beforeAll(async () => {
  const careful = { trainsOnPrompts: false, retainsPrompts: false };
  gateway = await routedGateway([
    { model: "test/one", provider: "alpha" },
    { model: "test/one", provider: "beta", price: 2_000_000n, endpoint: careful },
    { model: "test/one", provider: "gamma", price: 3_000_000n, endpoint: { trainsOnPrompts: false } },
    { model: "test/two", provider: "alpha" },
  ]);
});
afterAll(() => gateway.stop());

const said = { messages: [{ role: "user", content: "Hi" }] };

async function settled(routing: RoutingSettings) {
  const { accountId, key } = await gateway.customer();
  await saveRouting(accountId, routing);
  return { accountId, key };
}

/** Who was asked for test/one, or with which status and by which filters nobody was. */
async function asked(key: string, body: object = {}) {
  const { status, json } = await gateway.call(chatCompletions, key, { body: { model: "test/one", ...said, ...body } });
  const [sent] = gateway.sent();
  return sent?.provider ?? { status, by: json.error.metadata.excluded?.map(({ by }: { by: string }) => by) };
}

test("no request reaches a provider that the account does not allow, or ignores", async () => {
  const { key } = await settled({ allowed: ["beta", "gamma"], ignored: ["gamma"] });
  expect(await asked(key)).toBe("beta");
  expect(await asked(key, { provider: { only: ["beta", "alpha"] } })).toBe("beta");
  expect(await asked(key, { provider: { order: ["alpha", "gamma"] } })).toBe("beta");
  expect(await asked(key, { provider: { only: ["alpha"], ignore: [] } })).toMatchObject({ status: 404 });
  expect(await asked(key, { provider: { ignore: ["beta"] } })).toEqual({
    status: 404,
    by: expect.arrayContaining(["allowed_providers", "ignored_providers", "ignore"]),
  });
});

test("no request loosens what the account asks of privacy, and each can tighten it", async () => {
  const strict = await settled({ denyTraining: true, zdr: true });
  expect(
    await asked(strict.key, { provider: { data_collection: "allow", zdr: false, only: ["alpha"] } }),
  ).toMatchObject({
    status: 404,
    by: expect.arrayContaining(["data_collection"]),
  });
  expect(await asked(strict.key, { provider: { zdr: false, only: ["gamma"] } })).toMatchObject({ status: 404 });
  expect(await asked(strict.key, { provider: { zdr: false, data_collection: "allow" } })).toBe("beta");
  const lax = await settled({ denyTraining: true });
  expect(await asked(lax.key, { provider: { sort: "price", zdr: true } })).toBe("beta");
  expect(await asked(lax.key, { provider: { only: ["gamma"] } })).toBe("gamma");
});

test("the order, the fallbacks and the model are what a request takes that says nothing else", async () => {
  const { key } = await settled({ sort: "price", allowFallbacks: false, defaultModel: "test/one" });
  gateway.answers.alpha = { status: 500, json: { error: { message: "down" } } };
  try {
    const { status } = await gateway.call(chatCompletions, key, { body: said });
    expect({ status, tried: gateway.sent().map(({ provider }) => provider) }).toEqual({
      status: 502,
      tried: ["alpha"],
    });
    const own = { provider: { allow_fallbacks: true } };
    await gateway.call(chatCompletions, key, { body: { ...said, ...own } });
    expect(gateway.sent().map(({ provider }) => provider)).toEqual(["alpha", "beta"]);
  } finally {
    delete gateway.answers.alpha;
  }
  expect((await gateway.call(chatCompletions, key, { body: said })).json.model).toBe("test/one");
  expect((await gateway.call(chatCompletions, key, { body: { ...said, model: "test/two" } })).json.model).toBe(
    "test/two",
  );
  expect((await gateway.call(chatCompletions, key, { body: { ...said, models: ["test/two"] } })).json.model).toBe(
    "test/two",
  );
});

test("a preset goes before the account's defaults, and not before what it is strict about", async () => {
  const { key } = await settled({ defaultModel: "test/one", ignored: ["alpha"] });
  const save = (slug: string, body: object) =>
    gateway.call(presetFromChat, key, { path: `/api/v1/presets/${slug}/chat/completions`, body: { ...said, ...body } });
  await save("plain", { temperature: 0.5 });
  await save("bold", { model: "test/two", provider: { only: ["alpha"] } });
  expect((await gateway.call(chatCompletions, key, { body: { ...said, model: "@preset/plain" } })).json.model).toBe(
    "test/one",
  );
  expect((await gateway.call(chatCompletions, key, { body: { ...said, model: "@preset/bold" } })).status).toBe(404);
});

test("through every door", async () => {
  const { key } = await settled({ ignored: ["alpha"], zdr: true, defaultModel: "test/one" });
  gateway.sent();
  for (const [handler, body] of [
    [chatCompletions, said],
    [completions, { prompt: "Hi" }],
    [responses, { input: "Hi" }],
    [messages, { model: "test/one", max_tokens: 20, ...said }],
  ] as const) {
    expect((await gateway.call(handler, key, { body })).status).toBe(200);
    expect(gateway.sent()).toMatchObject([{ provider: "beta" }]);
  }
});

test("the models of a user are those that his settings leave, and nobody else's are fewer", async () => {
  const { key } = await settled({ ignored: ["alpha"] });
  const slugs = async (of: string) => {
    const { json } = await gateway.call(listUserModels, of);
    return json.data.map(({ id }: { id: string }) => id).filter((id: string) => id.startsWith("test/"));
  };
  expect(await slugs(key)).toEqual(["test/one"]);
  const other = await gateway.customer();
  expect((await slugs(other.key)).sort()).toEqual(["test/one", "test/two"]);
});

test("what is not here, or would leave nothing, is refused with its field", async () => {
  const { accountId } = await gateway.customer();
  for (const [routing, field] of [
    [{ allowed: ["nobody"] }, "allowed"],
    [{ ignored: ["nobody"] }, "ignored"],
    [{ allowed: ["alpha"], ignored: ["alpha"] }, "allowed"],
    [{ defaultModel: "test/none" }, "defaultModel"],
  ] as const)
    await expect(saveRouting(accountId, routing as RoutingSettings), field).rejects.toMatchObject({
      metadata: { fields: { [field]: expect.any(String) } },
    });
});
