"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "../ui/skeleton";
import type { PerformanceFigures, ProviderPerformance } from "./performance-panel";

/** The charts' library is fetched only where there is something to draw. */
const HourChart = dynamic(() => import("./hour-chart").then(({ HourChart }) => HourChart), {
  ssr: false,
  loading: () => <Skeleton className="h-32" />,
});

const charts: { title: string; unit: string; value: (figures: PerformanceFigures) => number | null }[] = [
  { title: "First token", unit: "ms", value: ({ firstTokenMs }) => firstTokenMs },
  { title: "Throughput", unit: "tokens/s", value: ({ tokensPerSecond }) => tokensPerSecond },
  { title: "Uptime", unit: "%", value: ({ asked, failed }) => ((asked - failed) / asked) * 100 },
];

export function PerformanceCharts({ providers }: { providers: ProviderPerformance[] }) {
  return (
    <div className="grid gap-4 md:grid-cols-3">
      {charts.map(({ title, unit, value }) => (
        <figure key={title} className="rounded-lg border bg-card p-4">
          <figcaption className="mb-3 flex items-baseline justify-between text-sm">
            {title} <span className="text-xs text-muted-foreground">{unit}, by hour</span>
          </figcaption>
          <HourChart
            unit={unit}
            lines={providers.map(({ name, hours }) => ({
              name,
              points: hours.map((hour) => ({ at: hour.at, value: value(hour) })),
            }))}
          />
        </figure>
      ))}
    </div>
  );
}
