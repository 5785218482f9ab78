import { createSerializer } from "nuqs/server";
import type { ChartPoint } from "@/components/activity/activity-charts";
import { type ActivitySearch, activitySearch, stepMs, toSpan } from "@/components/activity/activity-search";
import type { ActivityRow } from "@/components/activity/activity-table";
import { logHref, toMinute } from "@/components/activity/log-search";
import { percentile } from "@/components/activity/percentile";
import type { ActivityFilter, ActivityPoint, Figures, Series } from "@/db/queries/activity";
import { FIRST_TOKEN_BOUNDS } from "@/db/schema";

/** Series with a colour of their own; the others are one more together. */
export const OWN_SERIES = 4;
export const REST = "var(--chart-5)";

export const toFilter = ({ model, key, provider, app }: ActivitySearch): ActivityFilter => ({
  ...(model !== null && { model }),
  ...(key !== null && { keyId: key }),
  ...(provider !== null && { provider }),
  ...(app !== null && { app }),
});

const serialize = createSerializer(activitySearch);

export function firstToken({ firstTokens }: Figures, share: number): number | null {
  return percentile(firstTokens, FIRST_TOKEN_BOUNDS, share);
}

/** What the charts and the table are given, of what was read. `nameOf` says how a series is called. */
export function toActivityView(
  search: ActivitySearch,
  read: { series: Series[]; points: ActivityPoint[] },
  nameOf: (series: Series) => string,
) {
  const span = toSpan(search);
  const ms = stepMs(span.step);
  const steps = Array.from(
    { length: (span.until.getTime() - span.from.getTime()) / ms },
    (_, step) => span.from.getTime() + step * ms,
  );
  const { model, key, provider, app, by } = search;
  const log = { model, key, provider, app };
  const stretch = (from: number, until: number) => ({
    from: toMinute(new Date(from)),
    until: toMinute(new Date(until)),
  });

  const series = read.series.slice(0, OWN_SERIES).map((one) => ({
    name: nameOf(one),
    colour: colourOf(one.place),
    hrefs: steps.map((at): string | null => logHref({ ...log, [by]: one.name, ...stretch(at, at + ms) })),
  }));
  if (read.series.length > OWN_SERIES)
    series.push({
      name: "The others",
      colour: REST,
      hrefs: steps.map((at) => logHref({ ...log, ...stretch(at, at + ms) })),
    });

  const points: ChartPoint[] = read.points.map(({ at, place, figures }) => ({
    step: (at.getTime() - span.from.getTime()) / ms,
    series: place,
    cost: figures.costNano,
    tokens: figures.promptTokens + figures.completionTokens,
    requests: figures.requests,
    errors: figures.errors,
  }));
  const latency = steps.map((at) => {
    const all = sumFigures(read.points.filter((point) => point.at.getTime() === at).map(({ figures }) => figures));
    return { median: firstToken(all, 0.5), slow: firstToken(all, 0.95) };
  });
  const rows: ActivityRow[] = read.series.map((one) => ({
    name: nameOf(one),
    colour: one.place < OWN_SERIES ? colourOf(one.place) : null,
    href:
      search[by] === null
        ? serialize("/activity", { ...search, [by]: one.name, by: by === "model" ? "key" : "model" })
        : null,
    logHref: logHref({ ...log, [by]: one.name, ...stretch(span.from.getTime(), span.until.getTime()) }),
    cost: one.figures.costNano,
    requests: one.figures.requests,
    errors: one.figures.errors,
    promptTokens: one.figures.promptTokens,
    completionTokens: one.figures.completionTokens,
    firstTokenMs: firstToken(one.figures, 0.5),
    speedTokens: one.figures.speedTokens,
    speedMs: one.figures.speedMs,
  }));
  return {
    steps,
    stepMs: ms,
    series,
    points,
    latency,
    rows,
    total: sumFigures(read.points.map(({ figures }) => figures)),
  };
}

const colourOf = (place: number) => `var(--chart-${place + 1})`;

export function sumFigures(all: Figures[]): Figures {
  const sum = (of: (figures: Figures) => number) => all.reduce((total, figures) => total + of(figures), 0);
  return {
    requests: sum(({ requests }) => requests),
    errors: sum(({ errors }) => errors),
    cancelled: sum(({ cancelled }) => cancelled),
    promptTokens: sum(({ promptTokens }) => promptTokens),
    cachedTokens: sum(({ cachedTokens }) => cachedTokens),
    completionTokens: sum(({ completionTokens }) => completionTokens),
    reasoningTokens: sum(({ reasoningTokens }) => reasoningTokens),
    costNano: all.reduce((total, { costNano }) => total + costNano, 0n),
    byokNano: all.reduce((total, { byokNano }) => total + byokNano, 0n),
    speedTokens: sum(({ speedTokens }) => speedTokens),
    speedMs: sum(({ speedMs }) => speedMs),
    firstTokens: FIRST_TOKEN_BOUNDS.concat(0).map((_, bucket) => sum(({ firstTokens }) => firstTokens[bucket] ?? 0)),
  };
}
