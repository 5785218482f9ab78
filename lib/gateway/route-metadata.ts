import type { Attempt } from "@/db/schema";
import { endpointTag } from "@/lib/models/provider-names";
import type { Route, Stop } from "./plan-route";

type Told = { names: readonly string[]; route: Route; answering: Stop; attempts: readonly Attempt[] };

/** OpenRouter's `openrouter_metadata`, with what was excluded and by what, and how each attempt before the last ended. */
export function routeMetadata({ names, route, answering, attempts }: Told) {
  const tried = attempts.length + 1;
  const { provider, modelSlug, own } = answering;
  return {
    requested: names[0],
    strategy: strategyOf(names, answering),
    region: null,
    summary: `${provider.name} answered for ${modelSlug}, as attempt ${tried} of at most ${route.endpoints.length}; ${route.excluded.length} endpoints were excluded.`,
    attempt: tried,
    is_byok: own !== undefined,
    endpoints: {
      total: route.endpoints.length + route.excluded.length,
      available: route.endpoints.map((stop) => ({
        provider: stop.provider.name,
        model: stop.modelSlug,
        selected: stop === answering,
        tag: endpointTag(stop),
        is_byok: stop.own !== undefined,
      })),
      excluded: route.excluded,
    },
    attempts: [
      ...attempts.map(({ provider, model, status, failure }) => ({ provider, model, status: status ?? 502, failure })),
      { provider: provider.slug, model: modelSlug, status: 200 },
    ],
  };
}

function strategyOf([first = "", ...others]: readonly string[], { modelSlug }: Stop) {
  if (first === "openrouter/auto") return "auto";
  if (others.length > 0) return "fallback";
  if (first.startsWith("~")) return "latest";
  const [base] = first.split(":");
  return base === modelSlug || first === modelSlug ? "direct" : "alias";
}
