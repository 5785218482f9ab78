"use client";

import { Bar, BarChart, Tooltip, XAxis, YAxis } from "recharts";
import { chartFrame, stepName, stepTick } from "./chart-frame";

export type StepBarsProps = {
  /** When each step begins, in Unix milliseconds, and how long it is. */
  steps: number[];
  stepMs: number;
  series: { name: string; colour: string; values: number[] }[];
  format: (value: number) => string;
  axis: (value: number) => string;
  /** There is no half of one. */
  counted: boolean;
  /** A bar was pressed: the step and the series it is of. */
  onPick?: (step: number, series: number) => void;
};

/** What each step came to, one series on top of the other. */
export function StepBars({ steps, stepMs, series, format, axis, counted, onPick }: StepBarsProps) {
  const rows = steps.map((at, step) => ({ at, values: series.map(({ values }) => values[step] ?? 0) }));
  return (
    <BarChart
      responsive
      className="size-full"
      data={rows}
      margin={{ top: 8, right: 4, bottom: 0, left: 0 }}
      accessibilityLayer={false}
      barCategoryGap="18%"
    >
      <XAxis
        dataKey="at"
        tickFormatter={(at) => stepTick(Number(at), stepMs)}
        minTickGap={40}
        {...chartFrame.axis}
        axisLine={{ stroke: "var(--border)" }}
      />
      <YAxis
        width="auto"
        tickCount={4}
        interval={0}
        allowDecimals={!counted}
        tickFormatter={axis}
        axisLine={false}
        {...chartFrame.axis}
      />
      <Tooltip
        labelFormatter={(at) => stepName(Number(at), stepMs)}
        formatter={(value, name) => [format(Number(value)), name]}
        filterNull
        {...chartFrame.tooltip}
        cursor={{ fill: "var(--accent)" }}
      />
      {series.map(({ name, colour }, index) => (
        <Bar
          key={name}
          name={name}
          stackId="all"
          dataKey={(row: (typeof rows)[number]) => row.values[index] || null}
          fill={colour}
          isAnimationActive={false}
          className={onPick && "cursor-pointer"}
          onClick={onPick && ((_bar, step) => onPick(step, index))}
        />
      ))}
    </BarChart>
  );
}
