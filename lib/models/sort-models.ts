import type { ModelMeasures } from "@/db/queries/model-measures";
import { cheapestOf, type Listed } from "./model-object";
import type { ModelsQuery } from "./models-query";

type Sort = NonNullable<ModelsQuery["sort"]>;
type Rank = (listed: Listed, measures: ModelMeasures | undefined) => number | bigint | undefined;

/** The lowest first; a model without a rank comes after those that have one. */
const RANKS: Partial<Record<Sort, Rank>> = {
  "pricing-low-to-high": (listed) => pairPrice(listed),
  "pricing-high-to-low": (listed) => -pairPrice(listed),
  "context-high-to-low": ({ model }) => -model.contextLength,
  "most-popular": (_, measures) => measures && -measures.tokens,
  "top-weekly": (_, measures) => measures && -measures.tokens,
  "throughput-high-to-low": (_, measures) => (measures?.tokensPerSecond ? -measures.tokensPerSecond : undefined),
  "latency-low-to-high": (_, measures) => measures?.firstTokenMs ?? undefined,
};

export const needsMeasures = (sort: Sort | undefined) =>
  sort === "most-popular" ||
  sort === "top-weekly" ||
  sort === "throughput-high-to-low" ||
  sort === "latency-low-to-high";

/** Newest first, then by slug; a sort goes before it. */
export function sortModels(
  listed: readonly Listed[],
  sort: Sort | undefined,
  measuresOf: (slug: string) => ModelMeasures | undefined = () => undefined,
): Listed[] {
  const newest = [...listed].sort((a, b) => time(b) - time(a) || a.model.slug.localeCompare(b.model.slug, "en"));
  const rank = sort && RANKS[sort];
  if (!rank) return newest;
  return newest
    .map((entry) => ({ entry, at: rank(entry, measuresOf(entry.model.slug)) ?? Number.POSITIVE_INFINITY }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
    .map(({ entry }) => entry);
}

const time = ({ model }: Listed) => model.releasedAt?.getTime() ?? 0;

function pairPrice({ endpoints }: Listed): bigint {
  const { prompt, completion } = cheapestOf(endpoints).prices;
  return prompt + completion;
}
