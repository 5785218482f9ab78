import { z } from "zod";
import { db } from "@/db/client";
import {
  findGuardrail,
  type Guardrail,
  type GuardrailChange,
  listAssignments,
  listGuardrails as listRows,
} from "@/db/queries/guardrails";
import { AppError } from "@/lib/errors";
import { type ApiRequest, jsonReply } from "@/lib/http/api-handler";
import { readJson } from "@/lib/http/read-json";
import { addGuardrail, changeGuardrail, guardKeys, removeGuardrail, unguardKeys } from "@/lib/keys/guardrails";
import { storable } from "@/lib/storable";
import { assignmentObject, guardrailObject, toAssignmentObject, toGuardrailObject } from "./guardrail-object";
import { managed, parseBody, parseQuery } from "./managed";
import type { Operation } from "./operation";
import { toNanos, wireDollars } from "./wire-dollars";

const page = z.object({
  offset: z.coerce.number<string>().int().min(0).max(1_000_000).default(0),
  limit: z.coerce.number<string>().int().min(1).max(100).default(50),
});

const names = z.array(storable(200).min(1)).min(1).max(1_000).nullish();
const flag = z.boolean().nullish();
const zdr = flag.describe("Only endpoints that retain nothing");
const rules = {
  allowed_models: names.describe("Slugs of models"),
  ignored_models: names,
  allowed_providers: names.describe("Slugs of providers, or tags of endpoints such as `deepinfra/turbo`"),
  ignored_providers: names,
  enforce_zdr: zdr,
  enforce_zdr_anthropic: zdr,
  enforce_zdr_openai: zdr,
  enforce_zdr_google: zdr,
  enforce_zdr_xai: zdr,
  enforce_zdr_other: zdr,
  enable_paid_model_training: flag.describe(
    "false: of what costs something, only endpoints that do not train on prompts",
  ),
  enable_free_model_training: flag.describe("The same of what is free"),
  enable_free_model_publication: flag.describe("false: of what is free, only endpoints that retain nothing"),
};
const none = z
  .array(z.unknown())
  .max(0, "filters of content are not served here")
  .nullish()
  .describe("Filters of content are not served here: null, or empty");

const settings = {
  description: storable(1_000).nullish(),
  limit_usd: wireDollars.nullish().describe("The budget of each key that has the guardrail, by itself"),
  reset_interval: z
    .enum(["daily", "weekly", "monthly"])
    .nullish()
    .describe("When the budget begins anew, in UTC; null for never"),
  include_byok_in_budgets: z.boolean().optional(),
  ...rules,
  content_filters: none,
  content_filter_builtins: none,
};
const name = storable(200).trim().min(1);
const newGuardrail = z.looseObject({ name, ...settings });
const guardrailChange = z.looseObject({ name: name.optional(), ...settings });
const keysToAssign = z.looseObject({ key_hashes: z.array(z.string().min(1).max(64)).min(1).max(100) });

const oneGuardrail = z.object({ data: guardrailObject });
const guardrailList = z.object({ data: z.array(guardrailObject), total_count: z.int() });
const assignmentList = z.object({ data: z.array(assignmentObject), total_count: z.int() });

/** GET /api/v1/guardrails */
export const listGuardrails = managed(async ({ query }, { accountId }) => {
  const { guardrails, total } = await listRows(db(), accountId, pageOf(query));
  return jsonReply({ data: guardrails.map(toGuardrailObject), total_count: total });
});

/** POST /api/v1/guardrails */
export const createGuardrail = managed(async (request, { accountId }) => {
  const wanted = parseBody(newGuardrail, await readJson(request));
  const made = await addGuardrail(accountId, { ...toChange(wanted), name: wanted.name });
  return jsonReply({ data: toGuardrailObject(made) }, 201);
});

/** GET /api/v1/guardrails/{id} */
export const getGuardrail = managed(async ({ path }, { accountId }) =>
  one(await findGuardrail(db(), accountId, idOf(path))),
);

/** PATCH /api/v1/guardrails/{id} */
export const patchGuardrail = managed(async (request, { accountId }) => {
  const change = toChange(parseBody(guardrailChange, await readJson(request)));
  return one(await changeGuardrail(accountId, idOf(request.path), change));
});

/** DELETE /api/v1/guardrails/{id} */
export const deleteGuardrail = managed(async ({ path }, { accountId }) => {
  if (!(await removeGuardrail(accountId, idOf(path)))) throw noSuchGuardrail();
  return jsonReply({ deleted: true });
});

/** GET /api/v1/guardrails/assignments/keys */
export const listKeyAssignments = managed(async ({ query }, { accountId }) => assigned(accountId, query));

/** GET /api/v1/guardrails/{id}/assignments/keys */
export const listGuardrailKeys = managed(async ({ path, query }, { accountId }) => {
  const id = idOf(path);
  if (!(await findGuardrail(db(), accountId, id))) throw noSuchGuardrail();
  return assigned(accountId, query, id);
});

/** POST /api/v1/guardrails/{id}/assignments/keys */
export const assignKeys = managed(async (request, { accountId }) => {
  const { id, hashes } = await named(request);
  const assigned_count = await guardKeys(accountId, id, hashes);
  if (assigned_count === undefined) throw new AppError("not_found", "Guardrail or API key not found");
  return jsonReply({ assigned_count });
});

/** POST /api/v1/guardrails/{id}/assignments/keys/remove */
export const unassignKeys = managed(async (request, { accountId }) => {
  const { id, hashes } = await named(request);
  const unassigned_count = await unguardKeys(accountId, id, hashes);
  if (unassigned_count === undefined) throw noSuchGuardrail();
  return jsonReply({ unassigned_count });
});

const pageOf = (query: URLSearchParams) => {
  const { offset, limit } = parseQuery(page, query);
  return { offset, most: limit };
};

/** @throws AppError `not_found` for what cannot be the id of one */
function idOf(path: string): string {
  const [, id = ""] = /\/guardrails\/([^/]+)/.exec(path) ?? [];
  if (!z.uuid().safeParse(id).success) throw noSuchGuardrail();
  return id;
}

async function named(request: ApiRequest) {
  const { key_hashes } = parseBody(keysToAssign, await readJson(request));
  return { id: idOf(request.path), hashes: [...new Set(key_hashes)] };
}

async function assigned(accountId: string, query: URLSearchParams, id?: string) {
  const { assignments, total } = await listAssignments(db(), accountId, pageOf(query), id);
  return jsonReply({ data: assignments.map(toAssignmentObject), total_count: total });
}

function toChange(wanted: z.infer<typeof guardrailChange>): GuardrailChange {
  const { name, description, limit_usd, reset_interval, include_byok_in_budgets: countsByok } = wanted;
  const limitNano = toNanos(limit_usd);
  const named = Object.keys(rules).filter((rule) => wanted[rule] !== undefined);
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(limitNano !== undefined && { limitNano }),
    ...(reset_interval !== undefined && { reset: reset_interval ?? ("none" as const) }),
    ...(countsByok !== undefined && { countsByok }),
    ...(named.length > 0 && { rules: Object.fromEntries(named.map((rule) => [rule, wanted[rule]])) }),
  };
}

const one = (guardrail: Guardrail | undefined) => {
  if (!guardrail) throw noSuchGuardrail();
  return jsonReply({ data: toGuardrailObject(guardrail) });
};

const noSuchGuardrail = () => new AppError("not_found", "Guardrail not found");

const about = { tag: "Guardrails", access: "management" } as const;
const path = { id: "$GUARDRAIL_ID" };
const body = { key_hashes: ["$KEY_HASH"] };

export const guardrailsOperations: Operation[] = [
  {
    ...about,
    at: "GET /guardrails",
    id: "listGuardrails",
    summary: "List guardrails",
    query: page,
    reply: guardrailList,
    example: {},
  },
  {
    ...about,
    at: "POST /guardrails",
    id: "createGuardrail",
    summary: "Make a guardrail",
    description:
      "What its keys may reach, and what each of them may spend. It rules nothing until keys have it. Its rules come beside the key's own, the account's and the request's: what any of them excludes is excluded.",
    body: newGuardrail,
    status: 201,
    reply: oneGuardrail,
    example: {
      body: { name: "Trial", limit_usd: 5, reset_interval: "daily", allowed_providers: ["openai", "anthropic"] },
    },
  },
  {
    ...about,
    at: "GET /guardrails/{id}",
    id: "getGuardrail",
    summary: "Get a guardrail",
    reply: oneGuardrail,
    example: { path },
  },
  {
    ...about,
    at: "PATCH /guardrails/{id}",
    id: "updateGuardrail",
    summary: "Change a guardrail",
    description:
      "What is left out stays, null takes a rule away. A changed budget acts at once, with what its keys have spent already.",
    body: guardrailChange,
    reply: oneGuardrail,
    example: { path, body: { limit_usd: 10 } },
  },
  {
    ...about,
    at: "DELETE /guardrails/{id}",
    id: "deleteGuardrail",
    summary: "Delete a guardrail",
    description: "Its keys are without one then.",
    reply: z.object({ deleted: z.literal(true) }),
    example: { path },
  },
  {
    ...about,
    at: "GET /guardrails/assignments/keys",
    id: "listKeyAssignments",
    summary: "List the keys that have a guardrail",
    query: page,
    reply: assignmentList,
    example: {},
  },
  {
    ...about,
    at: "GET /guardrails/{id}/assignments/keys",
    id: "listGuardrailKeyAssignments",
    summary: "List the keys of a guardrail",
    query: page,
    reply: assignmentList,
    example: { path },
  },
  {
    ...about,
    at: "POST /guardrails/{id}/assignments/keys",
    id: "assignKeysToGuardrail",
    summary: "Give keys a guardrail",
    description: "In the place of any other that they had: a key has one at most.",
    body: keysToAssign,
    reply: z.object({ assigned_count: z.int() }),
    example: { path, body },
  },
  {
    ...about,
    at: "POST /guardrails/{id}/assignments/keys/remove",
    id: "unassignKeysFromGuardrail",
    summary: "Take a guardrail from keys",
    body: keysToAssign,
    reply: z.object({ unassigned_count: z.int() }),
    example: { path, body },
  },
];
