import { z } from "zod";
import { db } from "@/db/client";
import { type ByokKey, findByokKey, findKeyHashes, listByokKeys } from "@/db/queries/byok-keys";
import { AppError } from "@/lib/errors";
import { jsonReply } from "@/lib/http/api-handler";
import { readJson } from "@/lib/http/read-json";
import { addByokKey, changeByokKey, removeByokKey } from "@/lib/keys/byok";
import { storable } from "@/lib/storable";
import { managed, parseBody } from "./managed";

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
const narrowing = z.object({ provider: storable(100).optional() });
const keyChange = z.looseObject({ ...settings, key: z.string().min(1).max(4096).optional() });

/** GET /api/v1/byok */
export const listByok = managed(async ({ query }, { accountId }) => {
  const offset = wholeNumber(query.get("offset") ?? "0", "offset", 0, 1_000_000);
  const most = wholeNumber(query.get("limit") ?? "50", "limit", 1, 100);
  const { provider } = parseBody(narrowing, { provider: query.get("provider") ?? undefined });
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

async function toObjects(keys: ByokKey[]) {
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

function wholeNumber(text: string, name: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new AppError("invalid_request", `${name} must be a whole number from ${least} to ${most}.`);
}
