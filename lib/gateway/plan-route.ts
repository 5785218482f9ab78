import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import type { Endpoint, Model } from "@/lib/models/catalogue";
import { speedOf } from "@/lib/models/measured-speed";
import { hadOutage } from "@/lib/models/outages";
import { preferenceFilters } from "@/lib/models/preference-filters";
import { mostPromptTokens, type PromptSize, promptSize } from "@/lib/models/prompt-size";
import { endpointTag } from "@/lib/models/provider-names";
import { rankEndpoints, USUAL_OUTPUT_TOKENS } from "@/lib/models/rank-endpoints";
import { type Filter, type Sifted, siftEndpoints } from "@/lib/models/sift-endpoints";
import type { ChatRequest } from "@/lib/protocol/chat-request";
import type { OwnKey } from "./own-keys";
import { requestFilters, worthAnother } from "./request-filters";

/** How many endpoints one request may try: with the caller's own keys, with the operator's, and with fallback keys. */
const MOST_ENDPOINTS = 3;

/** An endpoint that a request may try, with the caller's own key for it or with the operator's. */
export type Stop = Endpoint & { own?: OwnKey };

export type Route = {
  model: Model;
  /** In the order to try them; at least one. */
  endpoints: Stop[];
  size: PromptSize;
  /** The caller's own cap on the output, if he named one. */
  cap: number | undefined;
  choices: number;
  /** What an account is charged beside the provider's price, which with the caller's own key it is not charged. */
  markupOf: (stop: Stop) => number;
};

/**
 * Which endpoints may serve a request, in the order to try them: the caller's own keys first, then the operator's
 * capacity where no key of the caller's bars it, then his fallback keys.
 *
 * @throws AppError `not_found` when none can, saying what ruled them out
 */
export function planRoute(
  model: Model,
  request: ChatRequest,
  own: readonly OwnKey[] = [],
  random: () => number = Math.random,
): Route {
  if (!model.outputModalities.some((modality) => modality !== "embeddings"))
    throw new AppError("invalid_request", `${model.slug} does not answer chat completions.`);
  const size = promptSize(request);
  const cap = request.max_completion_tokens ?? request.max_tokens ?? undefined;
  const preferences = request.provider ?? {};
  const mine = own.filter(({ covers }) => covers(model.slug));
  const sifted = siftEndpoints(model.endpoints, [
    ...requestFilters({ model, request, size, cap, own: mine }),
    ...preferenceFilters(preferences, mostPromptTokens(request, size)),
  ]);
  const ranked = rankEndpoints(worthAnother(request).reduce(preferring, sifted.kept), {
    // Four bytes a token: good enough to compare prices by, never to bill by.
    prompt: Math.ceil(size.bytes / 4),
    output: cap ?? USUAL_OUTPUT_TOKENS,
    preferences,
    hadOutage: ({ id }) => hadOutage(id),
    speedOf: ({ id }) => speedOf(id),
    random,
  });
  if (ranked.length === 0) throw nothingLeft(model, sifted);
  const stops = withKeys(model, ranked, own);
  if (stops.length === 0)
    throw new AppError(
      "not_found",
      `No endpoints found. Your settings allow only keys of your own there, and none of them covers ${model.slug}.`,
    );
  // A caller who named an order has named his fallbacks.
  const alone = preferences.allow_fallbacks === false && !preferences.order?.length;
  return { model, endpoints: alone ? stops.slice(0, 1) : stops, size, cap, choices: request.n ?? 1, markupOf };
}

function withKeys(model: Model, ranked: readonly Endpoint[], own: readonly OwnKey[]): Stop[] {
  const mine = own.filter(({ covers }) => covers(model.slug));
  const withOwn = (keys: readonly OwnKey[]): Stop[] =>
    keys
      .flatMap((key) =>
        ranked.filter(({ provider }) => provider.slug === key.provider).map((at) => ({ ...at, own: key })),
      )
      .slice(0, MOST_ENDPOINTS);
  const barred = new Set(own.filter(({ bars }) => bars(model.slug)).map(({ provider }) => provider));
  const shared = ranked.filter(({ provider }) => provider.credential !== undefined && !barred.has(provider.slug));
  return [
    ...withOwn(mine.filter(({ isFallback }) => !isFallback)),
    ...shared.slice(0, MOST_ENDPOINTS),
    ...withOwn(mine.filter(({ isFallback }) => isFallback)),
  ];
}

const preferring = (endpoints: Endpoint[], { keeps }: Filter): Endpoint[] =>
  endpoints.some(keeps) ? endpoints.filter(keeps) : endpoints;

const nothingLeft = (model: Model, { excluded, reasons }: Sifted<Endpoint>) =>
  new AppError(
    "not_found",
    ["No endpoints found.", ...(reasons.length > 0 ? reasons : [`${model.slug} has none here.`])].join(" "),
    {
      metadata: {
        excluded: excluded.map(({ endpoint, by }) => ({
          provider: endpointTag(endpoint),
          model: endpoint.modelSlug,
          by,
        })),
      },
    },
  );

function markupOf({ own }: Stop): number {
  const { MARKUP_BASIS_POINTS = 0, BYOK_FEE_BASIS_POINTS = 0 } = env();
  return own ? BYOK_FEE_BASIS_POINTS - 10_000 : MARKUP_BASIS_POINTS;
}

/** The bound on prompt tokens that needs no counting. */
export const byteBound = (request: ChatRequest, { size }: Route) => mostPromptTokens(request, size);
