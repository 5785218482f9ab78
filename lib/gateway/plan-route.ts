import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import type { Endpoint, Model } from "@/lib/models/catalogue";
import { LEAST_OUTPUT_TOKENS } from "@/lib/models/ceiling";
import { hadOutage } from "@/lib/models/outages";
import { mostPromptTokens, type PromptSize, promptSize } from "@/lib/models/prompt-size";
import { rankEndpoints, USUAL_OUTPUT_TOKENS } from "@/lib/models/rank-endpoints";
import type { ChatRequest } from "@/lib/protocol/chat-request";

/** How many endpoints one request may try. */
const MOST_ENDPOINTS = 3;

export type Route = {
  model: Model;
  /** In the order to try them; at least one. */
  endpoints: Endpoint[];
  size: PromptSize;
  /** The caller's own cap on the output, if he named one. */
  cap: number | undefined;
  choices: number;
  markupBasisPoints: number;
};

/**
 * Which endpoints may serve a request, in the order to try them.
 *
 * @throws AppError `not_found` when none can, saying what ruled them out
 */
export function planRoute(model: Model, request: ChatRequest, random: () => number = Math.random): Route {
  const size = promptSize(request);
  const cap = request.max_completion_tokens ?? request.max_tokens ?? undefined;
  // Four bytes a token: good enough to compare prices by, never to bill by.
  const prompt = Math.ceil(size.bytes / 4);
  const endpoints = rankEndpoints(able(model, request, prompt, cap), {
    prompt,
    output: cap ?? USUAL_OUTPUT_TOKENS,
    hadOutage: ({ id }) => hadOutage(id),
    random,
  }).slice(0, MOST_ENDPOINTS);
  return { model, endpoints, size, cap, choices: request.n ?? 1, markupBasisPoints: env().MARKUP_BASIS_POINTS ?? 0 };
}

function able(model: Model, request: ChatRequest, prompt: number, cap: number | undefined): Endpoint[] {
  if (!model.outputModalities.some((modality) => modality !== "embeddings"))
    throw new AppError("invalid_request", `${model.slug} does not answer chat completions.`);
  let left: Endpoint[] = model.endpoints;
  left = narrow(
    left,
    ({ provider }) => provider.credential !== undefined,
    () => `No provider of ${model.slug} has a key on this server.`,
  );
  left = narrow(
    left,
    ({ contextLength }) => prompt + LEAST_OUTPUT_TOKENS <= contextLength,
    () => {
      const longest = Math.max(...left.map(({ contextLength }) => contextLength));
      return `The prompt is about ${prompt} tokens long, and no endpoint of ${model.slug} takes more than ${longest}.`;
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
  return request.tools?.length ? prefer(left, ({ supportedParameters }) => supportedParameters.has("tools")) : left;
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
