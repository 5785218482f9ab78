import { db } from "@/db/client";
import { findGeneration } from "@/db/queries/generations";
import { currentCatalogue } from "@/lib/models/catalogue";
import { completionTokens, promptTokens } from "@/lib/protocol/token-usage";
import { explain, loggedUsage } from "./explain";

/**
 * One generation of an account's and how its charge came about; undefined when the account has none of this id. Amounts
 * are nano-USD, the bill's lines pico-USD, as `GET /generation` has them.
 */
export async function explainGeneration(accountId: string, id: string) {
  const found = await findGeneration(db(), accountId, id);
  if (!found) return undefined;
  const { generation, price } = found;
  const { models } = await currentCatalogue();
  const endpoint = models.get(generation.modelSlug)?.endpoints.find(({ id }) => id === generation.endpointId);
  const usage = loggedUsage(generation);
  return {
    ...explain(found),
    id: generation.id,
    model: generation.modelSlug,
    provider: endpoint?.provider.name ?? generation.providerSlug,
    outcome: generation.outcome,
    finishReason: generation.finishReason,
    startedAt: generation.createdAt,
    firstTokenMs: generation.firstTokenMs,
    totalMs: generation.totalMs,
    promptTokens: promptTokens(usage),
    completionTokens: completionTokens(usage),
    priceId: generation.priceId,
    priceSince: price?.validFrom ?? null,
    attempts: generation.attempts ?? [],
    requestedModel: generation.requestedModel,
    errorType: generation.errorType,
    route: generation.route,
  };
}
