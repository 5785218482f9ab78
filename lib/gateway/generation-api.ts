import { z } from "zod";
import { db } from "@/db/client";
import { findGeneration } from "@/db/queries/generations";
import { AppError } from "@/lib/errors";
import { type ApiHandler, jsonReply } from "@/lib/http/api-handler";
import { apiRoute } from "@/lib/http/api-route";
import { authenticate } from "@/lib/keys/authenticate";
import { currentCatalogue } from "@/lib/models/catalogue";
import { formatPrice, formatUsd, usdNumber } from "@/lib/money";
import { completionTokens, promptTokens } from "@/lib/protocol/token-usage";
import { explain, loggedUsage } from "./explain";
import { parseQuery } from "./managed";
import type { Operation } from "./operation";

const generationQuery = z.object({ id: z.string().default("").describe("As `X-Generation-Id` told it") });

const none = z.null().describe("Not measured here");
const tokens = z.int();
const ms = z.int().nullable().describe("Milliseconds");
const text = z.string().nullable();
const usd = z.string().describe("US dollars, an exact decimal");

const explanation = z.object({
  lines: z.array(z.object({ what: z.string(), count: z.int(), price: usd, amount: usd })),
  upstream_cost: usd,
  markup_basis_points: z.int().optional(),
  byok_fee_basis_points: z.int().optional(),
  cost: usd,
  held: usd.nullable(),
  charged: usd,
  house_pays: usd,
  usage_source: z.enum(["provider", "estimate", "none"]),
});

const route = z.object({
  strategy: z.string(),
  considered: z.array(z.object({ provider: z.string(), model: z.string(), byok: z.literal(true).optional() })),
  excluded: z.array(z.object({ provider: z.string(), model: z.string(), by: z.string() })),
  more: z.int().optional().describe("How many more were excluded"),
  preset: z.string().optional(),
  source: z.string().optional().describe("The generation whose answer was kept, and given again"),
});

const generationObject = z
  .object({
    id: z.string(),
    upstream_id: none,
    model: z.string(),
    provider_name: text,
    api_type: z.enum(["completions", "embeddings", "rerank", "tts", "stt", "video", "image"]).nullable(),
    created_at: z.iso.datetime(),
    streamed: z.boolean(),
    cancelled: z.boolean(),
    finish_reason: text,
    native_finish_reason: text,
    total_cost: z.number().describe("US dollars"),
    usage: z.number().describe("US dollars"),
    upstream_inference_cost: z.number().nullable().describe("What your own provider charged you, in US dollars"),
    cache_discount: none,
    is_byok: z.boolean(),
    tokens_prompt: tokens,
    tokens_completion: tokens,
    native_tokens_prompt: tokens,
    native_tokens_completion: tokens,
    native_tokens_reasoning: tokens,
    native_tokens_cached: tokens,
    native_tokens_completion_images: none,
    num_media_prompt: z.int(),
    num_media_completion: none,
    num_input_audio_prompt: none,
    num_search_results: none,
    num_fetches: none,
    latency: ms,
    generation_time: ms,
    moderation_latency: none,
    origin: z.string(),
    http_referer: text,
    user_agent: none,
    external_user: text,
    app_id: none,
    router: text.describe("The router that chose the model, where one did"),
    service_tier: none,
    data_region: z.enum(["global", "europe", "us"]),
    preset_id: text,
    web_search_engine: none,
    workspace_id: none,
    provider_responses: z
      .array(
        z.object({
          provider_name: z.string(),
          model_permaslug: z.string(),
          endpoint_id: z.string().optional(),
          status: z.int().nullable(),
          latency: z.int().optional(),
          is_byok: z.boolean(),
        }),
      )
      .nullable()
      .describe("Those that were asked, one after the other"),
    session_id: text,
    response_cache_source_id: text,
    route: route.nullable().describe("Why it went where it did: which endpoints could serve it, and which could not"),
    explanation: explanation.describe("How the cost came about, to be checked by hand"),
  })
  .meta({ id: "Generation" });

const reply = z.object({ data: generationObject });

type Logged = NonNullable<Awaited<ReturnType<typeof findGeneration>>>["generation"];

/** GET /api/v1/generation?id=… : what a generation of the caller's account was, and how its cost came about. */
export const getGeneration: ApiHandler = apiRoute(async ({ query, header }) => {
  const { accountId } = await authenticate(header);
  const { id } = parseQuery(generationQuery, query);
  const found = await findGeneration(db(), accountId, id);
  if (!found) throw new AppError("not_found", "Generation not found");
  const { generation } = found;
  const usage = loggedUsage(generation);
  const [prompt, completion] = [promptTokens(usage), completionTokens(usage)];
  const { models } = await currentCatalogue();
  const model = models.get(generation.modelSlug);
  const endpoint = model?.endpoints.find(({ id }) => id === generation.endpointId);
  return jsonReply({
    data: {
      id: generation.id,
      upstream_id: null,
      model: generation.modelSlug,
      provider_name: endpoint?.provider.name ?? generation.providerSlug,
      api_type: model?.outputModalities.includes("embeddings") ? "embeddings" : "completions",
      created_at: generation.createdAt.toISOString(),
      streamed: generation.streamed,
      cancelled: generation.outcome === "cancelled",
      finish_reason: generation.finishReason,
      native_finish_reason: generation.nativeFinishReason,
      total_cost: usdNumber(generation.costNano),
      usage: usdNumber(generation.costNano),
      upstream_inference_cost: generation.isByok ? usdNumber(generation.upstreamCostNano) : null,
      cache_discount: null,
      is_byok: generation.isByok,
      tokens_prompt: prompt,
      tokens_completion: completion,
      native_tokens_prompt: prompt,
      native_tokens_completion: completion,
      native_tokens_reasoning: generation.reasoningTokens,
      native_tokens_cached: generation.cacheReadTokens,
      native_tokens_completion_images: null,
      num_media_prompt: generation.images,
      num_media_completion: null,
      num_input_audio_prompt: null,
      num_search_results: null,
      num_fetches: null,
      latency: generation.firstTokenMs,
      generation_time: generation.totalMs,
      moderation_latency: null,
      origin: generation.appUrl ?? "",
      http_referer: generation.appUrl,
      user_agent: null,
      external_user: generation.externalUser,
      app_id: null,
      router: generation.route?.strategy === "auto" ? generation.requestedModel : null,
      service_tier: null,
      data_region: "global",
      preset_id: generation.route?.preset ?? null,
      web_search_engine: null,
      workspace_id: null,
      provider_responses: toResponses(
        generation,
        (slug) =>
          models.get(generation.modelSlug)?.endpoints.find(({ provider }) => provider.slug === slug)?.provider.name ??
          slug,
      ),
      session_id: generation.sessionId,
      response_cache_source_id: generation.route?.source ?? null,
      route: generation.route,
      explanation: toWireExplanation(explain(found), generation.isByok),
    },
  } satisfies z.infer<typeof reply>);
});

/** How each endpoint that was tried ended, the one that answered last. */
function toResponses(
  { attempts, providerSlug, endpointId, modelSlug, isByok, outcome }: Logged,
  nameOf: (slug: string) => string,
) {
  const failed = (attempts ?? []).map(({ provider, model, status, ms, byok }) => ({
    provider_name: nameOf(provider),
    model_permaslug: model ?? modelSlug,
    status,
    latency: ms,
    is_byok: byok ?? false,
  }));
  if (providerSlug === null) return failed.length > 0 ? failed : null;
  return [
    ...failed,
    {
      provider_name: nameOf(providerSlug),
      model_permaslug: modelSlug,
      ...(endpointId && { endpoint_id: endpointId }),
      status: outcome === "failed" ? null : 200,
      is_byok: isByok,
    },
  ];
}

/** Amounts as exact decimal strings: this is the place to check a bill by hand. */
const toWireExplanation = (
  { lines, upstream, markupBasisPoints, cost, held, charged, house, usageSource }: ReturnType<typeof explain>,
  isByok: boolean,
) => ({
  lines: lines.map(({ what, count, price, amount }) => ({
    what,
    count,
    price: formatPrice(price),
    amount: formatPrice(amount),
  })),
  upstream_cost: formatUsd(upstream),
  // With the caller's own key he pays the provider himself, and a part of its price to us.
  ...(isByok ? { byok_fee_basis_points: markupBasisPoints + 10_000 } : { markup_basis_points: markupBasisPoints }),
  cost: formatUsd(cost),
  held: held === null ? null : formatUsd(held),
  charged: formatUsd(charged),
  house_pays: formatUsd(house),
  usage_source: usageSource,
});

export const generationOperations: Operation[] = [
  {
    at: "GET /generation",
    id: "getGeneration",
    tag: "Account",
    access: "any key",
    summary: "Get what a generation was, and how its cost came about",
    query: generationQuery,
    reply,
    errors: ["not_found"],
    example: { query: { id: "$GENERATION_ID" } },
  },
];
