import type { Endpoint, Model } from "@/lib/models/catalogue";
import { LEAST_OUTPUT_TOKENS } from "@/lib/models/ceiling";
import type { PromptSize } from "@/lib/models/prompt-size";
import type { Filter } from "@/lib/models/sift-endpoints";
import { type ChatRequest, NATIVE } from "@/lib/protocol/chat-request";
import type { EmbedWish } from "@/lib/protocol/embed-wish";
import type { OwnKey } from "./own-keys";
import { requestedParameters } from "./supported-request";

type Asked = {
  model: Model;
  request: ChatRequest;
  size: PromptSize;
  cap: number | undefined;
  own: readonly OwnKey[];
  /** As if `provider.require_parameters` were true. */
  parametersRequired: boolean;
  embed: EmbedWish | undefined;
  /** The prompt can be made as short as the context is. */
  anyLength: boolean;
};

/** What an endpoint must be to serve this request: the key to reach it with, and what is sent and asked for. */
export function requestFilters({
  model,
  request,
  size,
  cap,
  own,
  parametersRequired,
  embed,
  anyLength,
}: Asked): Filter[] {
  const prompt = Math.ceil(size.longest / 8);
  const unseen = [...(size.images > 0 ? ["image"] : []), ...size.media].filter(
    (modality) => !model.inputModalities.includes(modality),
  );
  const native = request[NATIVE];
  const unspoken = native?.unspoken ?? [];
  const filters: (Filter | false)[] = [
    {
      by: "modality",
      keeps: () => unseen.length === 0,
      because: () => `${model.slug} takes no ${unseen.join(" and no ")} input.`,
    },
    {
      by: "no_key",
      keeps: ({ provider }) => provider.credential !== undefined || own.some((key) => key.provider === provider.slug),
      because: (removed) => `${providersOf(removed)} of ${model.slug} has no key on this server.`,
    },
    !anyLength && {
      by: "context_length",
      keeps: ({ contextLength }) => prompt + LEAST_OUTPUT_TOKENS <= contextLength,
      because: (removed) =>
        `The prompt is at least ${prompt} tokens long, and ${providersOf(removed)} takes no more than ${Math.max(...removed.map(({ contextLength }) => contextLength))}.`,
    },
    unspoken.length > 0 && {
      by: "dialect",
      keeps: ({ wire, provider }) => (wire ?? provider.kind) === native?.dialect,
      because: () =>
        `${model.slug} knows no ${unspoken.join(" and no ")}: only ${SPEAKERS[native?.dialect ?? "anthropic"]} do.`,
    },
    // Anthropic's dialect has no request without a cap, and its clients send Claude's: it is no wish for so much.
    cap !== undefined &&
      !native && {
        by: "max_tokens",
        keeps: ({ maxOutput }) => maxOutput === null || cap <= maxOutput,
        because: (removed) =>
          `${cap} tokens are asked for, and ${providersOf(removed)} generates no more than ${Math.max(...removed.map(({ maxOutput }) => maxOutput ?? 0))}.`,
      },
    (parametersRequired || request.provider?.require_parameters === true) && {
      by: "require_parameters",
      keeps: (endpoint) => lacks(endpoint, request).length === 0,
      because: (removed) =>
        `${providersOf(removed)} does not support ${[...new Set(removed.flatMap((endpoint) => lacks(endpoint, request)))].join(", ")}.`,
    },
    // Dropped, it would give vectors that fit no index of the caller's.
    embed?.dimensions !== undefined && {
      by: "dimensions",
      keeps: ({ supportedParameters }) => supportedParameters.has("dimensions"),
      because: (removed) => `${providersOf(removed)} makes embeddings of ${model.slug} in one length only.`,
    },
  ];
  return filters.filter((filter) => filter !== false);
}

/** Whose models hear a dialect as it was spoken. */
const SPEAKERS = { anthropic: "Anthropic's at Anthropic", "openai-responses": "OpenAI's newest at OpenAI" };

/** Without being asked to, these are worth another endpoint, where there is one: an answer that ignores them is of little use. */
export const worthAnother = (request: ChatRequest): Filter[] =>
  ["tools", "response_format", "structured_outputs", "verbosity"].map((parameter) => ({
    by: parameter,
    keeps: (endpoint) => !lacks(endpoint, request).includes(parameter),
    because: (removed) => `${providersOf(removed)} does not support ${parameter}.`,
  }));

const lacks = ({ supportedParameters }: Endpoint, request: ChatRequest) =>
  requestedParameters(request).filter((parameter) => !supportedParameters.has(parameter));

const providersOf = (endpoints: readonly Endpoint[]) =>
  [...new Set(endpoints.map(({ provider }) => provider.name))].join(", ");
