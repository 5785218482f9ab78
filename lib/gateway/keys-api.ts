import { z } from "zod";
import { db } from "@/db/client";
import { sumCredits } from "@/db/queries/accounts";
import { type ApiKey, findApiKey, findApiKeyById, listApiKeys } from "@/db/queries/api-keys";
import { sumKeyUsage } from "@/db/queries/key-usage";
import { freeRequestsToday } from "@/lib/billing/rates";
import { AppError } from "@/lib/errors";
import { type ApiReply, jsonReply } from "@/lib/http/api-handler";
import { apiRoute } from "@/lib/http/api-route";
import { readJson } from "@/lib/http/read-json";
import { authenticate } from "@/lib/keys/authenticate";
import { currentKeyObject, keyObject, toCurrentKeyObject, toKeyObject } from "@/lib/keys/key-object";
import { changeKey, mintKey, type Rates, removeKey } from "@/lib/keys/manage";
import { usdNumber } from "@/lib/money";
import { moment, storable } from "@/lib/storable";
import { managed, parseBody as parse, parseQuery } from "./managed";
import type { Operation } from "./operation";
import { toNanos, wireDollars } from "./wire-dollars";

const PAGE = 100;

const name = storable(200).trim().min(1);
const reset = z.enum(["daily", "weekly", "monthly"]);
const models = z.array(storable(200).min(1)).max(1_000).describe("Slugs of the models it may call; null for all");
const rate = z.int().min(1).max(2_000_000_000).nullish();
const rates = z
  .looseObject({ requests_per_minute: rate, tokens_per_minute: rate, parallel_requests: rate })
  .optional()
  .describe("How much it may ask for, whatever it costs; null for as much as comes. What is left out stays");
const newKey = z.looseObject({
  name,
  limit: wireDollars.nullish(),
  limit_reset: reset.nullish(),
  expires_at: moment.nullish(),
  include_byok_in_limit: z.boolean().optional(),
  allowed_models: models.nullish(),
  rate_limits: rates,
});
const keyChange = z.looseObject({
  name: name.optional(),
  disabled: z.boolean().optional(),
  limit: wireDollars.nullish(),
  limit_reset: reset.nullish(),
  expires_at: moment.nullish(),
  include_byok_in_limit: z.boolean().optional(),
  allowed_models: models.nullish(),
  rate_limits: rates,
});
const keysQuery = z.object({
  offset: z.coerce.number<string>().int().min(0).max(1_000_000_000).default(0).describe("A page has 100 keys"),
  include_disabled: z.string().optional().describe("`true`: also those that are disabled"),
});

/** GET /api/v1/keys */
export const listKeys = managed(async ({ query }, { accountId }) => {
  const { offset, include_disabled } = parseQuery(keysQuery, query);
  const keys = await listApiKeys(db(), accountId, offset, PAGE);
  const shown = include_disabled === "true" ? keys : keys.filter(({ disabled }) => !disabled);
  return jsonReply({ data: await toObjects(shown) });
});

/** POST /api/v1/keys */
export const createKey = managed(async (request, { accountId }) => {
  const wanted = parse(newKey, await readJson(request));
  const { key, row } = await mintKey({
    accountId,
    name: wanted.name,
    limit: toNanos(wanted.limit) ?? null,
    reset: wanted.limit_reset ?? "none",
    expiresAt: wanted.expires_at ?? null,
    includeByokInLimit: wanted.include_byok_in_limit ?? false,
    allowedModels: wanted.allowed_models ?? null,
    ...toRates(wanted.rate_limits),
  });
  return jsonReply({ data: (await toObjects([row]))[0], key }, 201);
});

/** GET /api/v1/keys/{hash} */
export const getKey = managed(async ({ path }, { accountId }) => one(await findApiKey(db(), accountId, hashOf(path))));

/** PATCH /api/v1/keys/{hash} */
export const patchKey = managed(async (request, { accountId }) => {
  const { name, disabled, limit: dollars, limit_reset, ...rest } = parse(keyChange, await readJson(request));
  const change = {
    ...(name !== undefined && { name }),
    ...(disabled !== undefined && { disabled }),
    ...(dollars !== undefined && { limit: toNanos(dollars) }),
    ...(limit_reset !== undefined && { reset: limit_reset ?? ("none" as const) }),
    ...(rest.expires_at !== undefined && { expiresAt: rest.expires_at }),
    ...(rest.include_byok_in_limit !== undefined && { includeByokInLimit: rest.include_byok_in_limit }),
    ...(rest.allowed_models !== undefined && { allowedModels: rest.allowed_models }),
    ...toRates(rest.rate_limits),
  };
  return one(await changeKey(accountId, hashOf(request.path), change));
});

/** DELETE /api/v1/keys/{hash} */
export const deleteKey = managed(async ({ path }, { accountId }) => {
  if (!(await removeKey(accountId, hashOf(path)))) throw noSuchKey();
  return jsonReply({ deleted: true });
});

/** GET /api/v1/key: the key that asks, of either kind. */
export const getCurrentKey = apiRoute(async ({ header }) => {
  const { keyId, accountId } = await authenticate(header);
  const [key, usageOf, { given }, freeToday] = await Promise.all([
    findApiKeyById(db(), keyId),
    sumKeyUsage(db(), [keyId]),
    sumCredits(db(), accountId),
    freeRequestsToday(accountId),
  ]);
  if (!key) throw noSuchKey();
  return jsonReply({ data: toCurrentKeyObject(key, usageOf(keyId), given <= 0n, freeToday) });
});

/** GET /api/v1/credits */
export const getCredits = managed(async (_request, { accountId }) => {
  const { given, used } = await sumCredits(db(), accountId);
  return jsonReply({ data: { total_credits: usdNumber(given), total_usage: usdNumber(used) } });
});

const toRates = (wanted: z.infer<typeof rates> = {}): Rates => ({
  ...(wanted.requests_per_minute !== undefined && { requestsPerMinute: wanted.requests_per_minute }),
  ...(wanted.tokens_per_minute !== undefined && { tokensPerMinute: wanted.tokens_per_minute }),
  ...(wanted.parallel_requests !== undefined && { parallelRequests: wanted.parallel_requests }),
});

const hashOf = (path: string) => path.split("/").at(-1) ?? "";

const noSuchKey = () => new AppError("not_found", "API key not found");

async function one(key: ApiKey | undefined): Promise<ApiReply> {
  if (!key) throw noSuchKey();
  return jsonReply({ data: (await toObjects([key]))[0] });
}

async function toObjects(keys: ApiKey[]) {
  const usageOf = await sumKeyUsage(
    db(),
    keys.map(({ id }) => id),
  );
  return keys.map((key) => toKeyObject(key, usageOf(key.id)));
}

const oneKey = z.object({ data: keyObject });
const path = { hash: "$KEY_HASH" };

export const keysOperations: Operation[] = [
  {
    at: "GET /key",
    id: "getCurrentKey",
    tag: "Account",
    access: "any key",
    summary: "Get the key that asks: its limit and what it has spent",
    reply: z.object({ data: currentKeyObject }),
    example: {},
  },
  {
    at: "GET /credits",
    id: "getCredits",
    tag: "Account",
    access: "management",
    summary: "Get the credits that were given and used",
    reply: z.object({
      data: z.object({ total_credits: z.number(), total_usage: z.number() }).describe("US dollars"),
    }),
    example: {},
  },
  {
    at: "GET /keys",
    id: "listKeys",
    tag: "Keys",
    access: "management",
    summary: "List the account's keys",
    query: keysQuery,
    reply: z.object({ data: z.array(keyObject) }),
    example: {},
  },
  {
    at: "POST /keys",
    id: "createKey",
    tag: "Keys",
    access: "management",
    summary: "Make a key",
    description: "The key itself is in this answer and nowhere else.",
    body: newKey,
    status: 201,
    reply: z.object({ data: keyObject, key: z.string() }),
    example: { body: { name: "Nightly run", limit: 2.5, limit_reset: "daily" } },
  },
  {
    at: "GET /keys/{hash}",
    id: "getKey",
    tag: "Keys",
    access: "management",
    summary: "Get a key",
    reply: oneKey,
    example: { path },
  },
  {
    at: "PATCH /keys/{hash}",
    id: "updateKey",
    tag: "Keys",
    access: "management",
    summary: "Change a key",
    description: "What is left out stays. A limit of null is none.",
    body: keyChange,
    reply: oneKey,
    example: { path, body: { limit: 10, disabled: false } },
  },
  {
    at: "DELETE /keys/{hash}",
    id: "deleteKey",
    tag: "Keys",
    access: "management",
    summary: "Delete a key",
    reply: z.object({ deleted: z.literal(true) }),
    example: { path },
  },
];
