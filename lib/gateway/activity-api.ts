import { z } from "zod";
import { db } from "@/db/client";
import { findKeyId, isUserOf, listDailyActivity } from "@/db/queries/daily-activity";
import { AppError } from "@/lib/errors";
import { jsonReply } from "@/lib/http/api-handler";
import { currentCatalogue } from "@/lib/models/catalogue";
import { usdNumber } from "@/lib/money";
import { managed, parseQuery } from "./managed";
import type { Operation } from "./operation";

const DAY_MS = 86_400_000;
const DAYS = 30;

const activityQuery = z.object({
  date: z.iso.date().optional().describe("One of the last 30 completed UTC days; without it, all of them"),
  api_key_hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, "must be the SHA-256 of a key")
    .optional(),
  user_id: z.uuid().optional().describe("An account has one user here"),
  group_by: z.literal("workspace").optional().describe("Each row says its workspace, which is the account"),
  workspace_id: z.uuid().optional(),
});

const activityItem = z
  .object({
    date: z.string(),
    model: z.string(),
    model_permaslug: z.string(),
    endpoint_id: z.string(),
    provider_name: z.string(),
    usage: z.number().describe("What the account was charged, in US dollars"),
    byok_usage_inference: z.number().describe("What your own providers charged you, in US dollars"),
    requests: z.int(),
    prompt_tokens: z.int(),
    completion_tokens: z.int(),
    reasoning_tokens: z.int(),
    workspace_id: z.string().optional(),
  })
  .meta({ id: "ActivityItem" });

const reply = z.object({ data: z.array(activityItem) });

/** GET /api/v1/activity: what the account asked of each endpoint on each of the last 30 UTC days that are over. */
export const listActivity = managed(async ({ query }, { accountId }) => {
  const wanted = parseQuery(activityQuery, query);
  const { from, until } = daysOf(wanted.date);
  if (wanted.workspace_id && wanted.workspace_id !== accountId) throw notFound();
  if (wanted.user_id && !(await isUserOf(db(), accountId, wanted.user_id))) throw notFound();
  const keyId = wanted.api_key_hash && (await findKeyId(db(), accountId, wanted.api_key_hash));
  if (wanted.api_key_hash && !keyId) throw notFound();
  const [rows, { models }] = await Promise.all([
    listDailyActivity(db(), accountId, { from, until, keyId }),
    currentCatalogue(),
  ]);
  const nameOf = (slug: string, endpointId: string) =>
    models.get(slug)?.endpoints.find(({ id }) => id === endpointId)?.provider.name;
  const data = rows.map((row) => ({
    date: row.day,
    model: row.modelSlug,
    model_permaslug: row.modelSlug,
    endpoint_id: row.endpointId,
    provider_name: nameOf(row.modelSlug, row.endpointId) ?? row.providerSlug,
    usage: usdNumber(row.costNano),
    byok_usage_inference: usdNumber(row.byokUsageNano),
    requests: row.requests,
    prompt_tokens: row.promptTokens,
    completion_tokens: row.completionTokens,
    reasoning_tokens: row.reasoningTokens,
    ...(wanted.group_by && { workspace_id: accountId }),
  }));
  return jsonReply({ data } satisfies z.infer<typeof reply>);
});

const notFound = () => new AppError("not_found", "Resource not found");

/** @throws AppError `invalid_request` for a day that is not over, or too long ago */
function daysOf(date: string | undefined, now = Date.now()): { from: Date; until: Date } {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const first = today - DAYS * DAY_MS;
  if (date === undefined) return { from: new Date(first), until: new Date(today) };
  const day = Date.parse(`${date}T00:00:00Z`);
  if (day >= first && day < today) return { from: new Date(day), until: new Date(day + DAY_MS) };
  throw new AppError("invalid_request", `date must be one of the last ${DAYS} completed UTC days.`);
}

export const activityOperations: Operation[] = [
  {
    at: "GET /activity",
    id: "listActivity",
    tag: "Account",
    access: "management",
    summary: "List what was used, by day, model and endpoint",
    description: "Of the last 30 UTC days that are over, the newest first.",
    query: activityQuery,
    reply,
    errors: ["not_found"],
    example: {},
  },
];
