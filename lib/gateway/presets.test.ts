import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { presets } from "@/db/schema";
import { routedGateway } from "@/tests/routed-gateway";
import { chatCompletions } from "./chat-completions";
import { getGeneration } from "./generation-api";
import { messages } from "./messages";
import { removePreset, writePreset } from "./presets";
import {
  getPreset,
  getPresetVersion,
  listPresets,
  listPresetVersions,
  presetFromChat,
  presetFromMessages,
  presetFromResponses,
} from "./presets-api";
import { responses } from "./responses";

let gateway: Awaited<ReturnType<typeof routedGateway>>;
let ada: { accountId: string; key: string };
let ben: { accountId: string; key: string };

beforeAll(async () => {
  const endpoint = { supportedParameters: ["temperature", "top_p", "tools", "max_tokens"] };
  gateway = await routedGateway([
    { model: "test/one", provider: "alpha", endpoint },
    { model: "test/one", provider: "beta", endpoint, price: 2_000_000n },
    { model: "test/two", provider: "beta", endpoint },
  ]);
  ada = await gateway.customer();
  ben = await gateway.customer();
});
afterAll(() => gateway.stop());

const user = { role: "user", content: "Hi" };
const tool = (name: string, description: string) => ({ type: "function", function: { name, description } });
const save = (slug: string, body: object, key = ada.key) =>
  gateway.call(presetFromChat, key, {
    path: `/api/v1/presets/${slug}/chat/completions`,
    body: { messages: [user], ...body },
  });
const read = (path: string, key = ada.key, query = "") => {
  const handler = path.includes("/versions/")
    ? getPresetVersion
    : path.endsWith("/versions")
      ? listPresetVersions
      : getPreset;
  return gateway.call(handler, key, { path: `/api/v1/presets/${path}`, query });
};
const ask = async (body: object, key = ada.key) => {
  const { status, json } = await gateway.call(chatCompletions, key, { body: { messages: [user], ...body } });
  return { status, json, sent: gateway.sent() };
};

test("of a request the settings are kept, as they were sent, and its instructions; and not what it says", async () => {
  const { status, json } = await save("writer", {
    messages: [{ role: "system", content: "Be brief." }, user],
    ...{ model: "test/one", temperature: 0.7, provider: { sort: "price" }, stream: true, user: "u", session_id: "s" },
  });
  expect(status).toBe(200);
  expect(json.data).toMatchObject({
    ...{ slug: "writer", name: "writer", status: "active", workspace_id: ada.accountId, creator_user_id: null },
    ...{ description: null, status_updated_at: null },
    designated_version: { version: 1, creator_id: ada.accountId, system_prompt: "Be brief.", preset_id: json.data.id },
  });
  expect(json.data.designated_version_id).toBe(json.data.designated_version.id);
  expect(json.data.designated_version.config).toEqual({
    ...{ model: "test/one", temperature: 0.7, provider: { sort: "price" } },
  });
  expect((await read("writer")).json).toEqual(json);
});

test("saved again it has a further version, which is the one in force; the earlier ones can be read", async () => {
  await save("versions", { model: "test/one", temperature: 0.1 });
  const second = (await save("versions", { model: "test/one", temperature: 0.2 })).json.data;
  expect((await ask({ model: "@preset/versions" })).sent[0]?.body.temperature).toBe(0.2);
  await save("versions", { model: "test/one", temperature: 0.3 });
  expect((await ask({ model: "@preset/versions" })).sent[0]?.body.temperature).toBe(0.3);
  const { json } = await read("versions/versions");
  expect(json.total_count).toBe(3);
  expect(json.data.map((version: { config: object }) => version.config)).toEqual(
    [0.1, 0.2, 0.3].map((temperature) => ({ model: "test/one", temperature })),
  );
  expect((await read("versions/versions/2")).json.data).toEqual(second.designated_version);
  expect((await read("versions/versions", ada.key, "offset=1&limit=1")).json.data).toEqual([second.designated_version]);
  expect((await read("versions/versions/4")).status).toBe(404);
  expect((await read("versions/versions/x")).status).toBe(404);
});

test("a request is filled in from its preset, however it names it; what it says itself goes before", async () => {
  await save("full", {
    messages: [{ role: "system", content: "Be brief." }, user],
    ...{ model: "test/one", provider: { order: ["beta"] }, temperature: 0.5, top_p: 0.5, max_completion_tokens: 77 },
    tools: [tool("look", "the preset's"), tool("see", "the preset's")],
  });
  const whole = await ask({ model: "@preset/full" });
  expect(whole.json).toMatchObject({ model: "test/one", provider: "BETA" });
  expect(whole.sent).toMatchObject([
    {
      provider: "beta",
      body: {
        ...{ temperature: 0.5, top_p: 0.5, max_tokens: 77 },
        messages: [{ role: "system", content: "Be brief." }, user],
        tools: [{ function: { name: "look", description: "the preset's" } }, { function: { name: "see" } }],
      },
    },
  ]);
  const turns = [{ role: "system", content: "Be long." }, user];
  const own = {
    top_p: 1,
    temperature: null,
    max_tokens: 55,
    provider: { order: ["alpha"] },
    tools: [tool("look", "mine")],
  };
  for (const named of [{ model: "test/one@preset/full" }, { model: "test/one", preset: "full" }, { preset: "full" }]) {
    const { sent } = await ask({ ...named, messages: turns, ...own });
    expect(sent, JSON.stringify(named)).toMatchObject([
      { provider: "alpha", body: { temperature: 0.5, top_p: 1, max_tokens: 55, messages: turns } },
    ]);
    expect(sent[0]?.body.tools).toMatchObject([
      { function: { name: "see" } },
      { function: { name: "look", description: "mine" } },
    ]);
  }
  expect((await ask({ model: "test/two@preset/full" })).json).toMatchObject({ model: "test/two", provider: "BETA" });
});

test("a request in the Responses dialect makes one too, and one by the other is asked with", async () => {
  const body = { model: "test/one", instructions: "Be brief.", input: "Hi", max_output_tokens: 66, temperature: 0.4 };
  const path = "/api/v1/presets/other/responses";
  const { data } = (await gateway.call(presetFromResponses, ada.key, { path, body })).json;
  expect(data.designated_version).toMatchObject({
    system_prompt: "Be brief.",
    config: { model: "test/one", temperature: 0.4 },
  });
  expect(JSON.stringify(data.designated_version.config)).not.toContain("Hi");
  expect((await ask({ model: "@preset/other" })).sent).toMatchObject([
    { body: { temperature: 0.4, max_tokens: 66, messages: [{ role: "system", content: "Be brief." }, user] } },
  ]);
  const asked = await gateway.call(responses, ada.key, { body: { model: "@preset/other", input: "Hello" } });
  expect(asked.json).toMatchObject({ status: "completed", model: "test/one" });
  expect(gateway.sent()).toMatchObject([{ body: { temperature: 0.4, max_tokens: 66 } }]);
});

test("a request in Anthropic's dialect makes one too, and one by it is asked with", async () => {
  const body = { model: "test/one", system: "Be brief.", max_tokens: 88, temperature: 0.6, messages: [user] };
  const path = "/api/v1/presets/claude/messages";
  const { data } = (await gateway.call(presetFromMessages, ada.key, { path, body })).json;
  expect(data.designated_version).toMatchObject({
    system_prompt: "Be brief.",
    config: { model: "test/one", max_tokens: 88, temperature: 0.6 },
  });
  const asked = await gateway.call(messages, ada.key, {
    body: { model: "@preset/claude", max_tokens: 99, messages: [{ role: "user", content: "Hello" }] },
  });
  expect(asked.json).toMatchObject({ type: "message", model: "test/one" });
  expect(gateway.sent()).toMatchObject([
    { body: { temperature: 0.6, max_tokens: 99, messages: [{ role: "system", content: "Be brief." }, {}] } },
  ]);
});

test("the log has the name that was asked for and the preset", async () => {
  const { json: saved } = await save("logged", { model: "test/one" });
  const { json } = await ask({ model: "@preset/logged" });
  const { data } = (await gateway.call(getGeneration, ada.key, { query: `id=${json.id}` })).json;
  expect(data).toMatchObject({ model: "test/one", preset_id: saved.data.id, router: null });
});

test("another account's preset is not there: not to read, not to use", async () => {
  await save("hers", { model: "test/one" });
  for (const path of ["hers", "hers/versions", "hers/versions/1"]) expect((await read(path, ben.key)).status).toBe(404);
  const used = await ask({ model: "@preset/hers" }, ben.key);
  expect(used).toMatchObject({ status: 404, sent: [], json: { error: { message: "There is no preset hers." } } });
  expect((await gateway.call(listPresets, ben.key, {})).json).toEqual({ data: [], total_count: 0 });
  await save("hers", { model: "test/two" }, ben.key);
  expect((await ask({ model: "@preset/hers" })).json.model).toBe("test/one");
  expect((await ask({ model: "@preset/hers" }, ben.key)).json.model).toBe("test/two");
});

test("the list has those first that were changed last, page by page", async () => {
  const carl = await gateway.customer();
  for (const slug of ["a", "b", "c", "a"]) await save(slug, { model: "test/one" }, carl.key);
  const list = async (query = "") => (await gateway.call(listPresets, carl.key, { query })).json;
  expect((await list()).data.map(({ slug }: { slug: string }) => slug)).toEqual(["a", "c", "b"]);
  expect(await list("offset=1&limit=1")).toMatchObject({ data: [{ slug: "c" }], total_count: 3 });
  expect((await list("limit=0")).error.code).toBe(400);
  expect((await list("offset=x")).error.code).toBe(400);
});

test("a preset that is switched off is not used", async () => {
  await save("off", { model: "test/one" });
  await db().update(presets).set({ status: "disabled" });
  expect(await ask({ model: "@preset/off" })).toMatchObject({ status: 404, sent: [] });
  await db().update(presets).set({ status: "active" });
});

test.each<[string, object, string]>([
  ["n%20o", { model: "test/one" }, "A preset's slug is"],
  ["x".repeat(65), { model: "test/one" }, "A preset's slug is"],
  ["loop", { model: "@preset/loop" }, "no other preset"],
  ["loop", { models: ["test/one", "test/one@preset/loop"] }, "no other preset"],
  ["large", { stop: "x".repeat(70_000) }, "at most 65536 characters"],
  ["wrong", { temperature: 3 }, "temperature"],
  ["wrong", { messages: [] }, "messages"],
])("what cannot be a preset is refused: %s %j", async (slug, body, said) => {
  const { status, json } = await save(slug, body);
  expect({ status, message: json.error.message }).toEqual({ status: 400, message: expect.stringContaining(said) });
});

test.each<[object, number, string]>([
  [{ model: "@preset/nothing" }, 404, "There is no preset nothing."],
  [{ model: "test/one", preset: "nothing" }, 404, "There is no preset nothing."],
  [{ model: "test/one@preset/one", preset: "two" }, 400, "name one"],
  [{ models: ["test/one@preset/one"] }, 400, "a preset is named in the model of a completion alone"],
])("%j is refused", async (body, status, said) => {
  const answer = await ask(body);
  expect(answer).toMatchObject({ status, sent: [] });
  expect(answer.json.error.message).toContain(said);
});

test("of two versions that are saved at once both are kept, or one is told to try again", async () => {
  const answers = await Promise.all(
    [1, 2, 3, 4].map((top_p) => save("racing", { model: "test/one", top_p: top_p / 4 })),
  );
  const kept = answers.filter(({ status }) => status === 200);
  expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
  expect(kept.length).toBeGreaterThan(0);
  expect((await read("racing/versions")).json.total_count).toBe(kept.length);
});

test("an account has at most a hundred presets, and may still change each", async () => {
  const dora = await gateway.customer();
  await db()
    .insert(presets)
    .values(Array.from({ length: 99 }, (_, at) => ({ accountId: dora.accountId, slug: `p${at}`, name: "p" })));
  expect((await save("last", { model: "test/one" }, dora.key)).status).toBe(200);
  expect((await save("more", { model: "test/one" }, dora.key)).status).toBe(409);
  expect((await save("last", { model: "test/two" }, dora.key)).status).toBe(200);
});

test("a preset is written without a request, of fields that a request may have, and is gone when it is removed", async () => {
  const { accountId, key } = ada;
  await writePreset(accountId, "written", {
    config: { model: "test/one", temperature: 0.4 },
    systemPrompt: "Be kind.",
  });
  const [sent] = (await ask({ model: "@preset/written" })).sent;
  expect(sent?.body).toMatchObject({ temperature: 0.4, messages: [{ role: "system", content: "Be kind." }, user] });
  for (const config of [{ temperature: "hot" }, { messages: [] }, { secret: "x" }, { model: "@preset/full" }])
    await expect(writePreset(accountId, "written", { config, systemPrompt: null })).rejects.toMatchObject({
      type: "invalid_request",
    });
  expect((await read("written/versions")).json.total_count).toBe(1);

  expect(await removePreset(ben.accountId, "written")).toBe(false);
  expect((await ask({ model: "@preset/written" })).status).toBe(200);
  expect(await removePreset(accountId, "written")).toBe(true);
  expect((await ask({ model: "@preset/written" }, key)).status).toBe(404);
  expect((await read("written")).status).toBe(404);
  expect(await removePreset(accountId, "written")).toBe(false);
});
