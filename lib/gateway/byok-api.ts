import { z } from "zod";
import { db } from "@/db/client";
import { type ByokKey, findByokKey, findKeyHashes, listByokKeys } from "@/db/queries/byok-keys";
import { AppError } from "@/lib/errors";
import { jsonReply } from "@/lib/http/api-handler";
import { readJson } from "@/lib/http/read-json";
import { addByokKey, changeByokKey, removeByokKey } from "@/lib/keys/byok";
import { storable } from "@/lib/storable";
import { managed, parseBody, parseQuery } from "./managed";
import type { Operation } from "./operation";

const settings = {
  name: storable(255).nullish(),
  disabled: z.boolean().optional(),
  is_fallback: z.boolean().optional(),
  is_required: z.boolean().optional(),
  is_byok_only: z.boolean().optional(),
  allowed_models: z.array(storable(200).min(1)).max(100).nullish(),
  allowed_api_key_hashes: z
    .array(z.string().regex(/^[0-9a-f]{64}$/))
    .min(1)
    .max(100)
    .nullish(),
  // An account here has one member, and no rule on data that a key could be exempt from.
  allowed_user_ids: z.null("is not supported here: use allowed_api_key_hashes").optional(),
  declared_zdr: z.null("is not supported here").optional(),
};
const newKey = z.looseObject({ ...settings, provider: storable(100).min(1), key: z.string().min(1).max(4096) });
const listQuery = z.object({
  offset: z.coerce.number<string>().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number<string>().int().min(1).max(100).default(50),
  provider: storable(100).optional().describe("The slug of a provider"),
});
const byokObject = z
  .object({
    id: z.uuid(),
    provider: z.string(),
    name: z.string().nullable(),
    label: z.string().describe("What may be shown of it"),
    disabled: z.boolean(),
    is_fallback: z.boolean().describe("Tried after the operator's capacity"),
    is_required: z.boolean().describe("For the models that it covers, the operator's capacity there is never used"),
    is_byok_only: z.boolean().describe("The operator's capacity at this provider is never used"),
    declared_zdr: z.null(),
    allowed_models: z.array(z.string()).nullable(),
    allowed_api_key_hashes: z.array(z.string()).nullable(),
    allowed_user_ids: z.null(),
    sort_order: z.int(),
    workspace_id: z.string(),
    created_at: z.iso.datetime(),
  })
  .meta({ id: "ProviderKey" });
const keyChange = z.looseObject({ ...settings, key: z.string().min(1).max(4096).optional() });

/** GET /api/v1/byok */
export const listByok = managed(async ({ query }, { accountId }) => {
  const { offset, limit: most, provider } = parseQuery(listQuery, query);
  const { keys, total } = await listByokKeys(db(), accountId, { provider, offset, most });
  return jsonReply({ data: await toObjects(keys), total_count: total });
});

/** POST /api/v1/byok */
export const createByok = managed(async (request, { accountId }) => {
  const body = parseBody(newKey, await readJson(request));
  const made = await addByokKey({ accountId, provider: body.provider, key: body.key, ...toSettings(body) });
  return jsonReply({ data: (await toObjects([made]))[0] }, 201);
});

/** GET /api/v1/byok/{id} */
export const getByok = managed(async ({ path }, { accountId }) => {
  const key = await own(accountId, path);
  return jsonReply({ data: (await toObjects([key]))[0] });
});

/** PATCH /api/v1/byok/{id} */
export const patchByok = managed(async (request, { accountId }) => {
  const { id } = await own(accountId, request.path);
  const body = parseBody(keyChange, await readJson(request));
  const changed = await changeByokKey(accountId, id, { key: body.key, ...toSettings(body) });
  if (!changed) throw notFound();
  return jsonReply({ data: (await toObjects([changed]))[0] });
});

/** DELETE /api/v1/byok/{id} */
export const deleteByok = managed(async ({ path }, { accountId }) => {
  const { id } = await own(accountId, path);
  if (!(await removeByokKey(accountId, id))) throw notFound();
  return jsonReply({ deleted: true });
});

const notFound = () => new AppError("not_found", "Resource not found");

async function own(accountId: string, path: string): Promise<ByokKey> {
  const id = path.split("/").at(-1) ?? "";
  const key = z.uuid().safeParse(id).success ? await findByokKey(db(), accountId, id) : undefined;
  if (!key) throw notFound();
  return key;
}

/** What is left out is undefined, and stays. */
const toSettings = (wanted: z.infer<typeof keyChange>) => ({
  name: wanted.name,
  disabled: wanted.disabled,
  isFallback: wanted.is_fallback,
  isRequired: wanted.is_required,
  isByokOnly: wanted.is_byok_only,
  allowedModels: wanted.allowed_models,
  allowedKeyHashes: wanted.allowed_api_key_hashes,
});

async function toObjects(keys: ByokKey[]): Promise<z.infer<typeof byokObject>[]> {
  const ids = [...new Set(keys.flatMap(({ allowedKeyIds }) => allowedKeyIds ?? []))];
  const hashes = keys[0] ? await findKeyHashes(db(), keys[0].accountId, ids) : new Map<string, string>();
  return keys.map((key) => ({
    id: key.id,
    provider: key.providerSlug,
    name: key.name,
    label: key.label,
    disabled: key.disabled,
    is_fallback: key.isFallback,
    is_required: key.isRequired,
    is_byok_only: key.isByokOnly,
    declared_zdr: null,
    allowed_models: key.allowedModels,
    allowed_api_key_hashes: key.allowedKeyIds?.flatMap((id) => hashes.get(id) ?? []) ?? null,
    allowed_user_ids: null,
    sort_order: key.sortOrder,
    workspace_id: key.accountId,
    created_at: key.createdAt.toISOString(),
  }));
}

const oneKey = z.object({ data: byokObject });
const path = { id: "$PROVIDER_KEY_ID" };

export const byokOperations: Operation[] = [
  {
    at: "GET /byok",
    id: "listProviderKeys",
    tag: "Provider keys",
    access: "management",
    summary: "List the account's own keys for providers",
    query: listQuery,
    reply: z.object({ data: z.array(byokObject), total_count: z.int() }),
    example: {},
  },
  {
    at: "POST /byok",
    id: "createProviderKey",
    tag: "Provider keys",
    access: "management",
    summary: "Add a key for a provider",
    description: "It is kept sealed and never shown again.",
    body: newKey,
    status: 201,
    reply: oneKey,
    example: { body: { provider: "openai", key: "sk-your-own-key", is_fallback: true } },
  },
  {
    at: "GET /byok/{id}",
    id: "getProviderKey",
    tag: "Provider keys",
    access: "management",
    summary: "Get a key for a provider",
    reply: oneKey,
    example: { path },
  },
  {
    at: "PATCH /byok/{id}",
    id: "updateProviderKey",
    tag: "Provider keys",
    access: "management",
    summary: "Change a key for a provider",
    description: "What is left out stays.",
    body: keyChange,
    reply: oneKey,
    example: { path, body: { disabled: true } },
  },
  {
    at: "DELETE /byok/{id}",
    id: "deleteProviderKey",
    tag: "Provider keys",
    access: "management",
    summary: "Remove a key for a provider",
    reply: z.object({ deleted: z.literal(true) }),
    example: { path },
  },
];
