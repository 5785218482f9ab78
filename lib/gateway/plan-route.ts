import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { health } from "@/lib/health/endpoint-health";
import { availability, whyNoneLeft } from "@/lib/models/availability";
import type { Endpoint, Model } from "@/lib/models/catalogue";
import { toolFaultsOf } from "@/lib/models/measured-tool-calls";
import { preferenceFilters } from "@/lib/models/preference-filters";
import { mostPromptTokens, type PromptSize, promptSize } from "@/lib/models/prompt-size";
import { endpointTag } from "@/lib/models/provider-names";
import { rankEndpoints, USUAL_OUTPUT_TOKENS } from "@/lib/models/rank-endpoints";
import type { Requested, RequestedModels } from "@/lib/models/requested-models";
import { type Filter, type Sifted, siftEndpoints } from "@/lib/models/sift-endpoints";
import type { ChatRequest } from "@/lib/protocol/chat-request";
import type { EmbedWish } from "@/lib/protocol/embed-wish";
import type { OwnKey } from "./own-keys";
import { requestFilters, worthAnother } from "./request-filters";
import { signatureReader } from "./signed-history";
import type { Stickiness } from "./stickiness";

/** How many endpoints of one model are tried: with the caller's own keys, with the operator's, and with fallback keys. */
const MOST_ENDPOINTS = 3;

/** An endpoint that a request may try, with the caller's own key for it or with the operator's. */
export type Stop = Candidate & { own?: OwnKey };

export type Excluded = { provider: string; model: string; by: string };

type Candidate = Endpoint & { model: Model };

export type Route = {
  /** In the order to try them. */
  endpoints: [Stop, ...Stop[]];
  /** What may not serve it, and the first filter that says so; the first of many. */
  excluded: Excluded[];
  size: PromptSize;
  /** The caller's own cap on the output, if he named one. */
  cap: number | undefined;
  choices: number;
  /** What an account is charged beside the provider's price, which with the caller's own key it is not charged. */
  markupOf: (stop: Stop) => number;
};

/**
 * Which endpoints may serve a request, in the order to try them: model after model, or all of them together where the
 * caller sorts them so. Of each, the caller's own keys first, then the operator's capacity where no key of the caller's
 * bars it, then his fallback keys.
 *
 * @param roomiest only those that take the longest prompts, however long this one is
 * @param further what excludes endpoints beside the request
 * @throws AppError `not_found` when none can, saying what ruled them out
 */
export function planRoute(
  { requested, auto }: RequestedModels,
  request: ChatRequest,
  own: readonly OwnKey[] = [],
  random: () => number = Math.random,
  stuckTo: Stickiness["stuckTo"] = () => undefined,
  embed?: EmbedWish,
  roomiest = false,
  further: readonly Filter[] = [],
): Route {
  const preferences = request.provider ?? {};
  const size = promptSize(request, embed !== undefined);
  const cap = request.max_completion_tokens ?? request.max_tokens ?? undefined;
  const bound = mostPromptTokens(request, size);
  const sifted = requested.map((entry) => {
    const { model } = entry;
    refuseWrongKind(model, embed);
    const mine = own.filter(({ covers }) => covers(model.slug));
    const asked = { model, request, size, cap, own: mine, parametersRequired: auto, embed, anyLength: roomiest };
    const filters = [...requestFilters(asked), ...further, ...preferenceFilters(preferences, bound, entry)];
    return { ...siftEndpoints(model.endpoints, filters), entry };
  });
  const longest = Math.max(0, ...sifted.flatMap(({ kept }) => kept.map(({ contextLength }) => contextLength)));
  const readsSignatures = signatureReader(request);
  const rank = (candidates: Candidate[], sort = preferences.sort) =>
    rankEndpoints(candidates, {
      // Four bytes a token: good enough to compare prices by, never to bill by.
      prompt: Math.ceil(size.bytes / 4),
      output: cap ?? USUAL_OUTPUT_TOKENS,
      preferences: { ...preferences, sort },
      standingOf: health().standingOf,
      speedOf: ({ id }) => health().speedOf(id),
      toolFaultsOf: ({ id }) => toolFaultsOf(id),
      asksForTools: (request.tools ?? []).length > 0,
      readsSignatures,
      byWorth: auto,
      failedShareOf: ({ id }) => health().failedShareOf(id),
      // Of one endpoint there is nothing to choose.
      stuckTo:
        candidates.length > 1 ? candidates.find(({ id, modelSlug }) => stuckTo(modelSlug) === id)?.id : undefined,
      random,
    });
  const byModel = sifted.map(({ kept, entry: { model, sort } }) => {
    const candidates = worthAnother(request)
      .reduce(preferring, roomiest ? kept.filter(({ contextLength }) => contextLength === longest) : kept)
      .map((endpoint) => ({ ...endpoint, model }));
    return { candidates, sort: sort ? { by: sort } : preferences.sort };
  });
  const together = auto || preferences.sort?.partition === "none" || request.route === "sort";
  const ranked = together
    ? [
        rank(
          byModel.flatMap(({ candidates }) => candidates),
          byModel[0]?.sort,
        ),
      ]
    : byModel.map(({ candidates, sort }) => rank(candidates, sort));
  if (ranked.every(({ length }) => length === 0)) throw nothingLeft(sifted, auto);
  const [first, ...others] = ranked.flatMap((of) => withKeys(of, own));
  if (!first)
    throw new AppError(
      "not_found",
      `No endpoints found. Your settings allow only keys of your own there, and none of them covers ${requested.map(({ model }) => model.slug).join(", ")}.`,
    );
  // A caller who named an order has named his fallbacks.
  const alone = preferences.allow_fallbacks === false && !preferences.order?.length;
  const next = alone ? others.filter(firstOfItsModel(first)).slice(0, together ? 0 : undefined) : others;
  return { endpoints: [first, ...next], excluded: excludedFrom(sifted), size, cap, choices: request.n ?? 1, markupOf };
}

function refuseWrongKind({ slug, outputModalities }: Model, embed: EmbedWish | undefined): void {
  if (embed && !outputModalities.includes("embeddings")) throw wrongEndpoint(slug, "makes no embeddings.");
  if (!embed && outputModalities.every((modality) => modality === "embeddings"))
    throw wrongEndpoint(slug, "does not answer chat completions.");
}

const wrongEndpoint = (slug: string, why: string) =>
  new AppError("invalid_request", `${slug} ${why}`, { availability: availability("wrong_endpoint", [slug]) });

/** Who wants no other provider may still have named other models. */
const firstOfItsModel =
  (first: Stop) =>
  ({ modelSlug }: Stop, index: number, others: Stop[]) =>
    modelSlug !== first.modelSlug && others.findIndex((other) => other.modelSlug === modelSlug) === index;

function withKeys(ranked: readonly Candidate[], own: readonly OwnKey[]): Stop[] {
  const withOwn = (keys: readonly OwnKey[]): Stop[] =>
    keys
      .flatMap((key) =>
        ranked
          .filter(({ provider, modelSlug }) => provider.slug === key.provider && key.covers(modelSlug))
          .map((at) => ({ ...at, own: key })),
      )
      .slice(0, MOST_ENDPOINTS);
  const shared = ranked.filter(
    ({ provider, modelSlug }) =>
      provider.credential !== undefined && !own.some((key) => key.provider === provider.slug && key.bars(modelSlug)),
  );
  return [
    ...withOwn(own.filter(({ isFallback }) => !isFallback)),
    ...shared.slice(0, MOST_ENDPOINTS),
    ...withOwn(own.filter(({ isFallback }) => isFallback)),
  ];
}

const preferring = (endpoints: Endpoint[], { keeps }: Filter): Endpoint[] =>
  endpoints.some(keeps) ? endpoints.filter(keeps) : endpoints;

/** So many excluded endpoints are named; who may have any model has many. */
const MOST_EXCLUDED = 50;

const excludedFrom = (sifted: Sifted<Endpoint>[]): Excluded[] =>
  sifted
    .flatMap(({ excluded }) => excluded)
    .slice(0, MOST_EXCLUDED)
    .map(({ endpoint, by }) => ({ provider: endpointTag(endpoint), model: endpoint.modelSlug, by }));

function nothingLeft(sifted: (Sifted<Endpoint> & { entry: Requested })[], auto: boolean): AppError {
  const excluded = sifted.flatMap(({ excluded }) => excluded);
  const said = sifted.flatMap(({ reasons, entry: { model } }) =>
    reasons.length > 0 ? reasons : [`${model.slug} has none here.`],
  );
  const message = auto
    ? `No models match your request and model restrictions: they are excluded by ${[...new Set(excluded.map(({ by }) => by))].join(", ")}.`
    : ["No endpoints found.", ...new Set(said)].join(" ");
  const asked = auto ? ["openrouter/auto"] : sifted.map(({ entry: { model } }) => model.slug);
  return new AppError("not_found", message, {
    metadata: { excluded: excludedFrom(sifted) },
    availability: whyNoneLeft(
      asked,
      excluded.map(({ endpoint, by }) => ({ provider: endpointTag(endpoint), by })),
    ),
  });
}

function markupOf({ own }: Stop): number {
  const { MARKUP_BASIS_POINTS = 0, BYOK_FEE_BASIS_POINTS = 0 } = env();
  return own ? BYOK_FEE_BASIS_POINTS - 10_000 : MARKUP_BASIS_POINTS;
}

/** The bound on prompt tokens that needs no counting. */
export const byteBound = (request: ChatRequest, { size }: Route) => mostPromptTokens(request, size);
