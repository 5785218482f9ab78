import { z } from "zod";
import { db } from "@/db/client";
import {
  findPreset,
  findPresetVersion,
  listPresets as listPresetRows,
  listPresetVersions as listVersionRows,
  type Preset,
  type PresetVersion,
} from "@/db/queries/presets";
import { AppError } from "@/lib/errors";
import { type ApiHandler, type ApiReply, type ApiRequest, jsonReply } from "@/lib/http/api-handler";
import { apiRoute } from "@/lib/http/api-route";
import { readJson } from "@/lib/http/read-json";
import { authenticate, type Caller } from "@/lib/keys/authenticate";
import { chat } from "@/lib/protocol/chat/door";
import { chatRequest } from "@/lib/protocol/chat-request";
import type { Door } from "@/lib/protocol/door";
import { messagesBody } from "@/lib/protocol/messages/body";
import { messages } from "@/lib/protocol/messages/door";
import { responsesBody } from "@/lib/protocol/responses/body";
import { responses } from "@/lib/protocol/responses/door";
import { presetConfig, systemPromptOf } from "./apply-preset";
import { once, parseQuery } from "./managed";
import type { Operation } from "./operation";
import { savePreset } from "./presets";

const page = z.object({
  offset: z.coerce.number<string>().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number<string>().int().min(1).max(100).default(50),
});

const versionObject = z
  .object({
    id: z.uuid(),
    preset_id: z.uuid(),
    creator_id: z.string(),
    version: z.int(),
    system_prompt: z.string().nullable(),
    config: z.record(z.string(), z.unknown()).describe("Fields of a request, such as `model` and `temperature`"),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
  })
  .meta({ id: "PresetVersion" });

const presetObject = z.object({
  id: z.uuid(),
  creator_user_id: z.string().nullable(),
  workspace_id: z.string().nullable(),
  name: z.string(),
  slug: z.string(),
  description: z.string().nullable(),
  status: z.enum(["active", "disabled", "archived"]),
  designated_version_id: z.string().nullable().describe("The newest, which is in force"),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  status_updated_at: z.iso.datetime().nullable(),
});

const onePreset = z.object({
  data: presetObject.extend({ designated_version: versionObject }).meta({ id: "Preset" }),
});
const presetList = z.object({ data: z.array(presetObject), total_count: z.int() });
const oneVersion = z.object({ data: versionObject });
const versionList = z.object({ data: z.array(versionObject), total_count: z.int() });

/** A handler for keys of either kind, which works on the caller's own account and on no other. */
const keyed = (work: (request: ApiRequest, caller: Caller) => Promise<ApiReply>): ApiHandler =>
  apiRoute(async (request) => once(request, await authenticate(request.header), work));

/** GET /api/v1/presets */
export const listPresets = keyed(async ({ query }, { accountId }) => {
  const { presets, total } = await listPresetRows(db(), accountId, pageOf(query));
  return jsonReply({ data: presets.map(toPresetObject), total_count: total });
});

/** GET /api/v1/presets/{slug} */
export const getPreset = keyed(async ({ path }, { accountId }) =>
  jsonReply({ data: withVersion(await own(accountId, path)) }),
);

/** GET /api/v1/presets/{slug}/versions */
export const listPresetVersions = keyed(async ({ path, query }, { accountId }) => {
  const { id } = await own(accountId, path);
  const { versions, total } = await listVersionRows(db(), id, pageOf(query));
  return jsonReply({ data: versions.map((version) => toVersionObject(version, accountId)), total_count: total });
});

/** GET /api/v1/presets/{slug}/versions/{version} */
export const getPresetVersion = keyed(async ({ path }, { accountId }) => {
  const { id } = await own(accountId, path);
  const [, number = ""] = /\/versions\/(\d{1,9})$/.exec(path) ?? [];
  const version = await findPresetVersion(db(), id, Number(number));
  if (!version) throw new AppError("not_found", "Preset version not found");
  return jsonReply({ data: toVersionObject(version, accountId) });
});

/**
 * POST /api/v1/presets/{slug}/…: keeps the settings of a request that could be sent to that dialect's own address.
 *
 * @param asSent as the caller wrote them, rather than in the language inside
 */
const presetFrom = (door: Door, asSent: boolean): ApiHandler =>
  keyed(async (request, { accountId }) => {
    const body = await readJson(request);
    const { request: asked } = door.read(body, request.header);
    const saved = await savePreset(accountId, slugOf(request.path), {
      config: presetConfig(asSent ? (body as Record<string, unknown>) : asked),
      systemPrompt: systemPromptOf(asked),
    });
    return jsonReply({ data: withVersion(saved) });
  });

/** POST /api/v1/presets/{slug}/chat/completions */
export const presetFromChat = presetFrom(chat, true);

/** POST /api/v1/presets/{slug}/messages */
export const presetFromMessages = presetFrom(messages, false);

/** POST /api/v1/presets/{slug}/responses */
export const presetFromResponses = presetFrom(responses, false);

const pageOf = (query: URLSearchParams) => {
  const { offset, limit } = parseQuery(page, query);
  return { offset, most: limit };
};

const slugOf = (path: string) => /\/presets\/([^/]+)/.exec(path)?.[1] ?? "";

async function own(accountId: string, path: string): Promise<Preset> {
  const preset = await findPreset(db(), accountId, slugOf(path));
  if (!preset) throw new AppError("not_found", "Preset not found");
  return preset;
}

const withVersion = (preset: Preset) => ({
  ...toPresetObject(preset),
  designated_version: toVersionObject(preset.version, preset.accountId),
});

const toPresetObject = ({ version, ...preset }: Preset): z.infer<typeof presetObject> => ({
  id: preset.id,
  creator_user_id: null,
  workspace_id: preset.accountId,
  name: preset.name,
  slug: preset.slug,
  description: preset.description,
  status: preset.status,
  designated_version_id: version.id,
  created_at: preset.createdAt.toISOString(),
  updated_at: preset.updatedAt.toISOString(),
  status_updated_at: preset.statusUpdatedAt?.toISOString() ?? null,
});

/** An account here has one member, so that it stands for whoever made the version. */
const toVersionObject = (version: PresetVersion, accountId: string): z.infer<typeof versionObject> => ({
  id: version.id,
  preset_id: version.presetId,
  creator_id: accountId,
  version: version.version,
  system_prompt: version.systemPrompt,
  config: version.config,
  created_at: version.createdAt.toISOString(),
  updated_at: version.createdAt.toISOString(),
});

const about = { tag: "Presets", access: "any key" } as const;
const path = { slug: "brief-writer" };

export const presetsOperations: Operation[] = [
  {
    ...about,
    at: "GET /presets",
    id: "listPresets",
    summary: "List presets",
    description: "Those that were changed last come first.",
    query: page,
    reply: presetList,
    example: {},
  },
  {
    ...about,
    at: "GET /presets/{slug}",
    id: "getPreset",
    summary: "Get a preset with its newest version",
    reply: onePreset,
    example: { path },
  },
  {
    ...about,
    at: "POST /presets/{slug}/chat/completions",
    id: "savePresetFromChat",
    summary: "Keep the settings of a chat completion as a preset",
    description:
      "Makes the preset, or a further version of it. Its messages are not kept, but their instructions are, as its system prompt. Ask with `@preset/slug` as the model.",
    body: chatRequest,
    reply: onePreset,
    errors: ["conflict"],
    example: {
      path,
      body: {
        model: "openai/gpt-4o-mini",
        temperature: 0.2,
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "Hello" },
        ],
      },
    },
  },
  {
    ...about,
    at: "POST /presets/{slug}/messages",
    id: "savePresetFromMessages",
    summary: "Keep the settings of a request in Anthropic's dialect as a preset",
    description: "Makes the preset, or a further version of it. Its `system` is the preset's system prompt.",
    body: messagesBody,
    reply: onePreset,
    errors: ["conflict"],
    example: {
      path,
      body: {
        ...{ model: "anthropic/claude-sonnet-4.5", max_tokens: 200, system: "Be brief." },
        messages: [{ role: "user", content: "Hello" }],
      },
    },
  },
  {
    ...about,
    at: "POST /presets/{slug}/responses",
    id: "savePresetFromResponses",
    summary: "Keep the settings of a request in the Responses dialect as a preset",
    description: "Makes the preset, or a further version of it. Its instructions are the preset's system prompt.",
    body: responsesBody,
    reply: onePreset,
    errors: ["conflict"],
    example: { path, body: { model: "openai/gpt-5.4-mini", instructions: "Be brief.", input: "Hello" } },
  },
  {
    ...about,
    at: "GET /presets/{slug}/versions",
    id: "listPresetVersions",
    summary: "List the versions of a preset",
    description: "The oldest first.",
    query: page,
    reply: versionList,
    example: { path },
  },
  {
    ...about,
    at: "GET /presets/{slug}/versions/{version}",
    id: "getPresetVersion",
    summary: "Get a version of a preset",
    reply: oneVersion,
    example: { path: { ...path, version: "1" } },
  },
];
