"use client";

import dynamic from "next/dynamic";
import { useRouter } from "next/navigation";
import { type ReactNode, useMemo } from "react";
import { cn } from "../ui/cn";
import { Skeleton } from "../ui/skeleton";
import { short, whole } from "./figures";

/** The charts' library is fetched only where there is something to draw. */
const loading = () => <Skeleton className="h-full" />;
const StepBars = dynamic(() => import("./step-bars").then(({ StepBars }) => StepBars), { ssr: false, loading });
const StepLines = dynamic(() => import("./step-lines").then(({ StepLines }) => StepLines), { ssr: false, loading });

/** What a step came to for one series, or for all that have no colour of their own; amounts in nano-USD. */
export type ChartPoint = {
  step: number;
  series: number;
  cost: bigint;
  tokens: number;
  requests: number;
  errors: number;
};

export type ActivityChartsProps = {
  /** When each step begins, in Unix milliseconds. */
  steps: number[];
  stepMs: number;
  /** `hrefs`: where a bar leads, by step. */
  series: { name: string; colour: string; hrefs: (string | null)[] }[];
  points: ChartPoint[];
  /** Milliseconds to the first token by step, of all series together: the median, and what one of twenty passes. */
  latency: { median: number | null; slow: number | null }[];
  totals: { cost: ReactNode; tokens: ReactNode; requests: ReactNode; errors: ReactNode; firstToken: ReactNode };
};

const dollars = (value: number) => `$${value.toLocaleString("en-US", { maximumFractionDigits: value < 1 ? 6 : 2 })}`;
const dollarAxis = (value: number) =>
  value < 0.01 ? `$${value.toLocaleString("en-US", { maximumSignificantDigits: 2 })}` : `$${short(value)}`;

const charts = [
  {
    title: "Spend",
    value: ({ cost }: ChartPoint) => Number(cost) / 1e9,
    format: dollars,
    axis: dollarAxis,
    counted: false,
    total: "cost",
  },
  {
    title: "Tokens",
    value: ({ tokens }: ChartPoint) => tokens,
    format: whole,
    axis: short,
    counted: true,
    total: "tokens",
  },
  {
    title: "Requests",
    value: ({ requests }: ChartPoint) => requests,
    format: whole,
    axis: short,
    counted: true,
    total: "requests",
  },
  {
    title: "Errors",
    value: ({ errors }: ChartPoint) => errors,
    format: whole,
    axis: short,
    counted: true,
    total: "errors",
  },
] as const;

export function ActivityCharts({ steps, stepMs, series, points, latency, totals }: ActivityChartsProps) {
  const router = useRouter();
  const drawn = useMemo(
    () =>
      charts.map(({ title, value, ...chart }) => ({
        ...chart,
        title,
        series: series.map(({ name, colour }, index) => {
          const values: number[] = steps.map(() => 0);
          for (const point of points) if (point.series === index) values[point.step] = value(point);
          return { name, colour, values };
        }),
      })),
    [steps, series, points],
  );
  const pick = (step: number, index: number) => {
    const href = series[index]?.hrefs[step];
    if (href) router.push(href);
  };
  return (
    <div className="grid grid-cols-1 gap-4 lg:grid-cols-2">
      {drawn.map(({ title, series, format, axis, counted, total }, index) => (
        <Chart
          key={title}
          title={title}
          total={totals[total]}
          className={cn(index === 0 && "lg:col-span-2")}
          tall={index === 0}
        >
          <StepBars {...{ steps, stepMs, series, format, axis, counted }} onPick={pick} />
        </Chart>
      ))}
      <Chart title="First token" total={totals.firstToken}>
        <StepLines
          steps={steps}
          stepMs={stepMs}
          lines={[
            { name: "Median", colour: "var(--chart-1)", values: latency.map(({ median }) => median) },
            { name: "Slowest twentieth", colour: "var(--chart-3)", values: latency.map(({ slow }) => slow) },
          ]}
        />
      </Chart>
    </div>
  );
}

function Chart({
  title,
  total,
  tall,
  className,
  children,
}: {
  title: string;
  total: ReactNode;
  tall?: boolean;
  className?: string;
  children: ReactNode;
}) {
  return (
    <figure className={cn("min-w-0 rounded-lg border bg-card p-4", className)}>
      <figcaption className="mb-3 flex items-baseline justify-between gap-4 text-sm">
        {title} <span className="text-[13px] text-muted-foreground tabular-nums">{total}</span>
      </figcaption>
      <div className={cn("min-w-0 text-xs", tall ? "h-52" : "h-36")} aria-hidden="true">
        {children}
      </div>
    </figure>
  );
}
