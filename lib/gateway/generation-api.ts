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

/** GET /api/v1/generation?id=… : what a generation of the caller's account was, and how its cost came about. */
export const getGeneration: ApiHandler = apiRoute(async ({ query, header }) => {
  const { accountId } = await authenticate(header);
  const found = await findGeneration(db(), accountId, query.get("id") ?? "");
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
      router: null,
      service_tier: null,
      data_region: "global",
      preset_id: null,
      web_search_engine: null,
      workspace_id: null,
      provider_responses:
        generation.attempts?.map(({ provider, status, ms }) => ({ provider_name: provider, status, latency: ms })) ??
        null,
      session_id: generation.sessionId,
      explanation: toWireExplanation(explain(found), generation.isByok),
    },
  });
});

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
