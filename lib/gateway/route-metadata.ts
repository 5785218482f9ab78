import type { Attempt, PipelineStep, RouteRecord } from "@/db/schema";
import { type AppError, ProviderError } from "@/lib/errors";
import { availability } from "@/lib/models/availability";
import { endpointTag } from "@/lib/models/provider-names";
import type { Excluded, Route, Stop } from "./plan-route";

type Told = { names: readonly string[]; route: Route; attempts: readonly Attempt[] };

/** OpenRouter's `openrouter_metadata`, with what was excluded and by what, and how each attempt before the last ended. */
export function routeMetadata({
  names,
  route,
  answering,
  attempts,
  pipeline = [],
}: Told & { answering: Stop; pipeline?: PipelineStep[] }) {
  const tried = attempts.length + 1;
  const { provider, modelSlug, own } = answering;
  return {
    requested: names[0],
    strategy: strategyOf(names, answering),
    region: null,
    summary: `${provider.name} answered for ${modelSlug}, at attempt ${tried}; ${endpointCount(route)}.`,
    attempt: tried,
    is_byok: own !== undefined,
    endpoints: considered(route, answering),
    attempts: [...attempts.map(toWireAttempt), { provider: provider.slug, model: modelSlug, status: 200 }],
    ...(pipeline.length > 0 && { pipeline }),
  };
}

/** The same of a request that nobody answered: how each of those that were tried ended, the last one too. */
export function failedRouteMetadata(error: AppError, { names, route, attempts }: Told, last: Stop | undefined) {
  const failed = [...attempts.map(toWireAttempt), ...(last ? [toLastAttempt(error, last)] : [])];
  return {
    requested: names[0],
    strategy: strategyOf(names, last ?? route.endpoints[0]),
    region: null,
    summary: `None answered, in ${failed.length} attempts; ${endpointCount(route)}.`,
    attempt: failed.length,
    is_byok: last?.own !== undefined,
    endpoints: considered(route),
    ...(failed.length > 0 && { attempts: failed }),
  };
}

/** An attempt may be at an endpoint that was tried before, so that these two counts bound no number of attempts. */
const endpointCount = ({ endpoints, excluded }: Route) =>
  `endpoints to try: ${endpoints.length}, excluded: ${excluded.length}`;

/** The same of a request that nobody could have answered. */
export function noRouteMetadata({ message }: AppError, names: readonly string[], excluded: readonly Excluded[]) {
  return {
    requested: names[0],
    strategy: strategyOf(names),
    region: null,
    summary: message,
    attempt: 0,
    is_byok: false,
    endpoints: { total: excluded.length, available: [], excluded },
  };
}

/** Those that were all throttled or all overloaded may answer in a while. */
export function whyNoneAnswered(error: AppError, { names, route, attempts }: Told) {
  if (!(error instanceof ProviderError) || (error.status !== 429 && error.status !== 503)) return undefined;
  return availability(error.status === 429 ? "capacity_exhausted" : "temporarily_unavailable", [...names], {
    affected_providers: [
      ...new Set([...attempts.map(({ provider }) => provider), ...route.endpoints.map(endpointTag)]),
    ],
    ...(error.retryAfter !== undefined && { retry_after: error.retryAfter }),
  });
}

/** So many excluded endpoints go into the log. */
const MOST_RECORDED = 20;

/** What the log keeps of it. */
export function routeRecord(
  names: readonly string[],
  route: Route,
  preset: string | undefined,
  pipeline: PipelineStep[] = [],
): RouteRecord {
  const more = route.excluded.length - MOST_RECORDED;
  return {
    strategy: strategyOf(names, route.endpoints[0]),
    considered: route.endpoints.map((stop) => ({
      provider: endpointTag(stop),
      model: stop.modelSlug,
      ...(stop.own && { byok: true as const }),
    })),
    excluded: route.excluded.slice(0, MOST_RECORDED),
    ...(more > 0 && { more }),
    ...(preset && { preset }),
    ...(pipeline.length > 0 && { pipeline }),
  };
}

const considered = ({ endpoints, excluded }: Route, answering?: Stop) => ({
  total: endpoints.length + excluded.length,
  available: endpoints.map((stop) => ({
    provider: stop.provider.name,
    model: stop.modelSlug,
    selected: stop === answering,
    tag: endpointTag(stop),
    is_byok: stop.own !== undefined,
  })),
  excluded,
});

const toWireAttempt = ({ provider, model, status, failure }: Attempt) => ({
  provider,
  model,
  status: status ?? 502,
  failure,
});

function toLastAttempt(error: AppError, { provider, modelSlug }: Stop) {
  const { provider_code: code, failure } = error.metadata;
  return { provider: provider.slug, model: modelSlug, status: typeof code === "number" ? code : error.status, failure };
}

function strategyOf([first = "", ...others]: readonly string[], stop?: Stop) {
  if (first === "openrouter/auto") return "auto";
  if (others.length > 0) return "fallback";
  if (first.startsWith("~")) return "latest";
  const [base] = first.split(/[:@]/);
  return !stop || base === stop.modelSlug || first === stop.modelSlug ? "direct" : "alias";
}
