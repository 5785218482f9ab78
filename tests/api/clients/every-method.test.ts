import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { OpenRouter } from "@openrouter/sdk";
import type { ChatRequest } from "@openrouter/sdk/models";
import type OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startStandIns } from "../../../scripts/stand-ins/start.mjs";
import { openRouterSdk } from "./openrouter-sdk";
import { type Served, serve } from "./served";

let served: Served;
let standIns: Awaited<ReturnType<typeof startStandIns>>;
let asks: OpenRouter;
let manages: OpenRouter;
let generation: string;

const model = "openai/gpt-4o-mini";
const messages = [{ role: "user" as const, content: "Hello there" }];

beforeAll(async () => {
  standIns = await startStandIns({ chunkDelayMs: 1 });
  served = await serve(standIns);
  asks = openRouterSdk(served);
  const { key } = await served.app.admin("key", "create", "--user", served.customer.email, "--management");
  manages = openRouterSdk({ ...served, customer: { ...served.customer, key } });
  const answer = await served.customer.client.chat.completions.create({ model, messages });
  generation = answer.id;
  await served.booked(generation);
});
afterAll(async () => {
  await served?.close();
  await standIns?.stop();
});

async function firstPage<T>(pages: Promise<AsyncIterable<T>>): Promise<T> {
  for await (const page of await pages) return page;
  throw new Error("there was no page");
}

const newKey = async () => (await manages.apiKeys.create({ requestBody: { name: "made" } })).data.hash;
const newByok = async () =>
  (await manages.byok.create({ createBYOKKeyRequest: { provider: "openai", key: `sk-${randomUUID()}` } })).data.id;
const newGuardrail = async () =>
  (await manages.guardrails.create({ createGuardrailRequest: { name: "made", limitUsd: 1.5, resetInterval: "daily" } }))
    .data.id;
const guarded = async () => {
  const [id, hash] = [await newGuardrail(), await newKey()];
  const { assignedCount } = await manages.guardrails.bulkAssignKeys({
    id,
    bulkAssignKeysRequest: { keyHashes: [hash] },
  });
  expect(assignedCount).toBe(1);
  return { id, hash };
};
const newCode = async () => {
  const { codeChallenge, codeVerifier } = await asks.oAuth.createSHA256CodeChallenge();
  const { data } = await manages.oAuth.createAuthCode({
    requestBody: { callbackUrl: "https://app.test/done", codeChallenge, codeChallengeMethod: "S256", limit: 1 },
  });
  return { code: data.id, codeVerifier };
};

const newPreset = async () => {
  const asked: ChatRequest = { model, messages: [{ role: "system", content: "Be brief." }, ...messages] };
  const { data } = await asks.presets.createPresetsChatCompletions({ slug: "made", chatRequest: asked });
  return data.slug;
};

/** Each checks its answer against the client's own schema, and throws on a mismatch. */
const calls: Record<string, () => Promise<unknown>> = {
  "analytics.getUserActivity": async () => expect((await manages.analytics.getUserActivity()).data).toEqual([]),
  "apiKeys.getCurrentKeyMetadata": async () =>
    expect((await asks.apiKeys.getCurrentKeyMetadata()).data).toMatchObject({ isManagementKey: false }),
  "apiKeys.list": async () =>
    expect((await manages.apiKeys.list()).data.map(({ hash }) => hash)).toContain(served.customer.hash),
  "apiKeys.create": () => manages.apiKeys.create({ requestBody: { name: "made", limit: 1.5, limitReset: "daily" } }),
  "apiKeys.get": async () => manages.apiKeys.get({ hash: await newKey() }),
  "apiKeys.update": async () => {
    const { data } = await manages.apiKeys.update({ hash: await newKey(), requestBody: { limit: 2, disabled: true } });
    expect(data).toMatchObject({ limit: 2, disabled: true });
  },
  "apiKeys.delete": async () =>
    expect(await manages.apiKeys.delete({ hash: await newKey() })).toEqual({ deleted: true }),
  "byok.create": newByok,
  "byok.list": async () => firstPage(manages.byok.list()),
  "byok.get": async () => manages.byok.get({ id: await newByok() }),
  "byok.update": async () =>
    manages.byok.update({ id: await newByok(), updateBYOKKeyRequest: { disabled: true, name: "changed" } }),
  "byok.delete": async () => manages.byok.delete({ id: await newByok() }),
  "chat.send": () => asks.chat.send({ chatRequest: { model, messages, stream: false } }),
  "credits.getCredits": async () => expect((await manages.credits.getCredits()).data.totalCredits).toBe(100),
  "embeddings.generate": () =>
    asks.embeddings.generate({ requestBody: { model: "openai/text-embedding-3-small", input: "Hello there" } }),
  "embeddings.listModels": async () =>
    expect((await firstPage(asks.embeddings.listModels())).result.data.length).toBeGreaterThan(0),
  "endpoints.list": async () => {
    const { data } = await asks.endpoints.list({ author: "openai", slug: "gpt-4o-mini" });
    expect(data.endpoints[0]).toMatchObject({ tag: "openai", uptimeLast1d: 100 });
    expect(data.endpoints[0]?.latencyLast30m?.p50).toBeGreaterThan(0);
  },
  "endpoints.listZdrEndpoints": () => asks.endpoints.listZdrEndpoints(),
  "generations.getGeneration": async () =>
    expect((await asks.generations.getGeneration({ id: generation })).data).toMatchObject({ id: generation, model }),
  "guardrails.create": newGuardrail,
  "guardrails.list": async () => {
    await newGuardrail();
    expect((await firstPage(manages.guardrails.list())).result.data.length).toBeGreaterThan(0);
  },
  "guardrails.get": async () =>
    expect((await manages.guardrails.get({ id: await newGuardrail() })).data).toMatchObject({ limitUsd: 1.5 }),
  "guardrails.update": async () => {
    const updateGuardrailRequest = { limitUsd: 2, allowedProviders: ["openai"] };
    const { data } = await manages.guardrails.update({ id: await newGuardrail(), updateGuardrailRequest });
    expect(data).toMatchObject({ limitUsd: 2, allowedProviders: ["openai"], resetInterval: "daily" });
  },
  "guardrails.delete": async () =>
    expect(await manages.guardrails.delete({ id: await newGuardrail() })).toEqual({ deleted: true }),
  "guardrails.bulkAssignKeys": guarded,
  "guardrails.bulkUnassignKeys": async () => {
    const { id, hash } = await guarded();
    const bulkUnassignKeysRequest = { keyHashes: [hash] };
    expect(await manages.guardrails.bulkUnassignKeys({ id, bulkUnassignKeysRequest })).toEqual({ unassignedCount: 1 });
  },
  "guardrails.listKeyAssignments": async () => {
    const { hash } = await guarded();
    const { result } = await firstPage(manages.guardrails.listKeyAssignments());
    expect(result.data.map(({ keyHash }) => keyHash)).toContain(hash);
  },
  "guardrails.listGuardrailKeyAssignments": async () => {
    const { id, hash } = await guarded();
    const { result } = await firstPage(manages.guardrails.listGuardrailKeyAssignments({ id }));
    expect(result.data.map(({ keyHash }) => keyHash)).toEqual([hash]);
  },
  "models.list": async () => {
    const { result } = await firstPage(asks.models.list({ supportedParameters: "tools", sort: "pricing-low-to-high" }));
    expect(result.data.length).toBe(result.totalCount);
  },
  "models.count": async () => expect((await asks.models.count()).data.count).toBeGreaterThan(10),
  "models.get": async () =>
    expect((await asks.models.get({ author: "openai", slug: "gpt-4o-mini" })).data.id).toBe(model),
  "models.listForUser": async () => firstPage(asks.models.listForUser({ bearer: served.customer.key })),
  "oAuth.createAuthorizationUrl": async () =>
    expect(await asks.oAuth.createAuthorizationUrl({ callbackUrl: "https://app.test/done" })).toBe(
      `${served.app.url}/auth?callback_url=${encodeURIComponent("https://app.test/done")}`,
    ),
  "oAuth.createSHA256CodeChallenge": async () =>
    expect((await asks.oAuth.createSHA256CodeChallenge()).codeChallenge).toHaveLength(43),
  "oAuth.createAuthCode": newCode,
  "oAuth.exchangeAuthCodeForAPIKey": async () => {
    const { key } = await asks.oAuth.exchangeAuthCodeForAPIKey({
      requestBody: { ...(await newCode()), codeChallengeMethod: "S256" },
    });
    const own = new OpenRouter({ apiKey: key, serverURL: served.baseURL });
    expect((await own.apiKeys.getCurrentKeyMetadata()).data).toMatchObject({ limit: 1 });
  },
  "presets.createPresetsChatCompletions": newPreset,
  "presets.createPresetsMessages": () =>
    asks.presets.createPresetsMessages({ slug: "made", messagesRequest: { model, system: "Be brief.", messages } }),
  "presets.createPresetsResponses": () =>
    asks.presets.createPresetsResponses({
      slug: "made",
      responsesRequest: { model, instructions: "Be brief.", input: "Hello there" },
    }),
  "presets.list": async () => expect((await firstPage(asks.presets.list())).result.data.length).toBeGreaterThan(0),
  "presets.get": async () => asks.presets.get({ slug: await newPreset() }),
  "presets.listVersions": async () => firstPage(asks.presets.listVersions({ slug: await newPreset() })),
  "presets.getVersion": async () => asks.presets.getVersion({ slug: await newPreset(), version: "1" }),
  "providers.list": async () =>
    expect((await asks.providers.list()).data).toContainEqual(expect.objectContaining({ slug: "openai" })),
  "responses.send": () => asks.responses.send({ responsesRequest: { model, input: "Hello there" } }),
  "beta.responses.send": () => asks.beta.responses.send({ responsesRequest: { model, input: "Hello there" } }),
  callModel: async () => expect(await asks.callModel({ model, input: "Hello there" }).getText()).toContain("Hello"),
};

describe("@openrouter/sdk", () => {
  test.each(Object.entries(calls))("%s", async (_, run) => void (await run()));

  test("every method is called here, or the documentation says that it has no endpoint", () => {
    const table = readFileSync("docs/clients.md", "utf8")
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    const missing = table.flatMap((line) =>
      [...(line.split("|")[1] ?? "").matchAll(/`([\w.]+)`/g)].map(([, name]) => name),
    );
    expect([...Object.keys(calls), ...missing].sort()).toEqual(methodsOf(asks).sort());
  });
});

/** `apiKeys.list`: of the client and of the parts that it has. */
function methodsOf(part: object, prefix = ""): string[] {
  const prototype = Object.getPrototypeOf(part);
  return Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, { get }]) => {
    if (name === "constructor") return [];
    return get ? methodsOf(get.call(part) as object, `${prefix}${name}.`) : [prefix + name];
  });
}

describe("openai", () => {
  const client = (): OpenAI => served.customer.client;

  test("models.list has what can be called", async () => {
    const ids: string[] = [];
    for await (const { id } of client().models.list()) ids.push(id);
    expect(ids).toContain(model);
  });

  test("models.retrieve", async () => {
    expect(await client().models.retrieve(model)).toMatchObject({ id: model, object: "model", owned_by: "openai" });
    await expect(client().models.retrieve("nobody/nothing")).rejects.toMatchObject({ status: 404 });
  });
});
