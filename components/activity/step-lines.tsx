"use client";

import { Line, LineChart, Tooltip, XAxis, YAxis } from "recharts";
import { chartFrame, stepName, stepTick } from "./chart-frame";
import { milliseconds } from "./figures";

/** Milliseconds by step; a step without any is a gap, not a zero. */
export function StepLines({
  steps,
  stepMs,
  lines,
}: {
  steps: number[];
  stepMs: number;
  lines: { name: string; colour: string; values: (number | null)[] }[];
}) {
  const rows = steps.map((at, step) => ({ at, values: lines.map(({ values }) => values[step] ?? null) }));
  return (
    <LineChart
      responsive
      className="size-full"
      data={rows}
      margin={{ top: 8, right: 12, bottom: 0, left: 0 }}
      accessibilityLayer={false}
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
        tickFormatter={(ms) => milliseconds(Number(ms))}
        axisLine={false}
        {...chartFrame.axis}
      />
      <Tooltip
        labelFormatter={(at) => stepName(Number(at), stepMs)}
        formatter={(value, name) => [milliseconds(Number(value)), name]}
        {...chartFrame.tooltip}
        cursor={{ stroke: "var(--border)" }}
      />
      {lines.map(({ name, colour }, line) => (
        <Line
          key={name}
          name={name}
          dataKey={(row: (typeof rows)[number]) => row.values[line]}
          stroke={colour}
          strokeWidth={1.5}
          dot={{ r: 1.5 }}
          isAnimationActive={false}
        />
      ))}
    </LineChart>
  );
}
