import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import type { Endpoint, Model } from "@/lib/models/catalogue";
import { LEAST_OUTPUT_TOKENS } from "@/lib/models/ceiling";
import { hadOutage } from "@/lib/models/outages";
import { mostPromptTokens, type PromptSize, promptSize } from "@/lib/models/prompt-size";
import { rankEndpoints, USUAL_OUTPUT_TOKENS } from "@/lib/models/rank-endpoints";
import type { ChatRequest } from "@/lib/protocol/chat-request";
import type { OwnKey } from "./own-keys";
import { requestedParameters } from "./supported-request";

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
  const size = promptSize(request);
  const cap = request.max_completion_tokens ?? request.max_tokens ?? undefined;
  // Four bytes a token: good enough to compare prices by, never to bill by.
  const prompt = Math.ceil(size.bytes / 4);
  const mine = own.filter(({ covers }) => covers(model.slug));
  const ranked = rankEndpoints(able(model, request, size, cap, mine), {
    prompt,
    output: cap ?? USUAL_OUTPUT_TOKENS,
    hadOutage: ({ id }) => hadOutage(id),
    random,
  });
  const withOwn = (keys: readonly OwnKey[]): Stop[] =>
    keys
      .flatMap((key) =>
        ranked.filter(({ provider }) => provider.slug === key.provider).map((at) => ({ ...at, own: key })),
      )
      .slice(0, MOST_ENDPOINTS);
  const barred = new Set(own.filter(({ bars }) => bars(model.slug)).map(({ provider }) => provider));
  const shared = ranked.filter(({ provider }) => provider.credential !== undefined && !barred.has(provider.slug));
  const endpoints = [
    ...withOwn(mine.filter(({ isFallback }) => !isFallback)),
    ...shared.slice(0, MOST_ENDPOINTS),
    ...withOwn(mine.filter(({ isFallback }) => isFallback)),
  ];
  if (endpoints.length === 0)
    throw new AppError(
      "not_found",
      `No endpoints found. Your settings allow only keys of your own there, and none of them covers ${model.slug}.`,
    );
  return { model, endpoints, size, cap, choices: request.n ?? 1, markupOf };
}

function markupOf({ own }: Stop): number {
  const { MARKUP_BASIS_POINTS = 0, BYOK_FEE_BASIS_POINTS = 0 } = env();
  return own ? BYOK_FEE_BASIS_POINTS - 10_000 : MARKUP_BASIS_POINTS;
}

function able(
  model: Model,
  request: ChatRequest,
  size: PromptSize,
  cap: number | undefined,
  own: readonly OwnKey[],
): Endpoint[] {
  if (!model.outputModalities.some((modality) => modality !== "embeddings"))
    throw new AppError("invalid_request", `${model.slug} does not answer chat completions.`);
  const unseen = unsupportedInput(model, size);
  if (unseen) throw new AppError("not_found", `No endpoints found that support ${unseen} input for ${model.slug}.`);
  let left: Endpoint[] = model.endpoints;
  left = narrow(
    left,
    ({ provider }) => provider.credential !== undefined || own.some((key) => key.provider === provider.slug),
    () => `No provider of ${model.slug} has a key on this server.`,
  );
  const prompt = Math.ceil(size.bytes / 8);
  left = narrow(
    left,
    ({ contextLength }) => prompt + LEAST_OUTPUT_TOKENS <= contextLength,
    () => {
      const longest = Math.max(...left.map(({ contextLength }) => contextLength));
      return `The prompt is at least ${prompt} tokens long, and no endpoint of ${model.slug} takes more than ${longest}.`;
    },
  );
  if (cap !== undefined)
    left = narrow(
      left,
      ({ maxOutput }) => maxOutput === null || cap <= maxOutput,
      () => {
        const most = Math.max(...left.map(({ maxOutput }) => maxOutput ?? 0));
        return `No endpoint of ${model.slug} generates ${cap} tokens; the most is ${most}.`;
      },
    );
  const wanted = requestedParameters(request);
  const lacks = ({ supportedParameters }: Endpoint) =>
    wanted.filter((parameter) => !supportedParameters.has(parameter));
  if (request.provider?.require_parameters)
    return narrow(
      left,
      (endpoint) => lacks(endpoint).length === 0,
      () => `No endpoint of ${model.slug} supports all of: ${wanted.join(", ")}.`,
    );
  // Without being asked to, these two are worth another endpoint: an answer that ignores them is of no use.
  const better = prefer(left, (endpoint) => !lacks(endpoint).includes("tools"));
  return prefer(better, (endpoint) => !lacks(endpoint).includes("response_format"));
}

function unsupportedInput({ inputModalities }: Model, { images, media }: PromptSize): string | undefined {
  const sent = [...(images > 0 ? ["image"] : []), ...media];
  return sent.find((modality) => !inputModalities.includes(modality));
}

function narrow(endpoints: Endpoint[], keep: (endpoint: Endpoint) => boolean, reason: () => string): Endpoint[] {
  const kept = endpoints.filter(keep);
  if (kept.length === 0) throw new AppError("not_found", `No endpoints found. ${reason()}`);
  return kept;
}

function prefer(endpoints: Endpoint[], better: (endpoint: Endpoint) => boolean): Endpoint[] {
  const kept = endpoints.filter(better);
  return kept.length > 0 ? kept : endpoints;
}

/** The bound on prompt tokens that needs no counting. */
export const byteBound = (request: ChatRequest, { size }: Route) => mostPromptTokens(request, size);
