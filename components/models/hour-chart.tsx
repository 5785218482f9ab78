"use client";

import { useMemo } from "react";
import { Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";

const HOUR_MS = 3_600_000;
const COLOURS = 5;

type Props = { unit: string; lines: { name: string; points: { at: number; value: number | null }[] }[] };

/** The last 24 hours, a line for each provider. An hour without traffic is a gap, not a zero. */
export function HourChart({ unit, lines }: Props) {
  const rows = useMemo(() => {
    const now = Math.floor(Date.now() / HOUR_MS) * HOUR_MS;
    return Array.from({ length: 25 }, (_, hour) => {
      const at = now - (24 - hour) * HOUR_MS;
      const values = lines.map(({ points }) => points.find((point) => point.at === at)?.value ?? null);
      return { at, values };
    });
  }, [lines]);
  return (
    <div className="h-32 text-xs" aria-hidden="true">
      <ResponsiveContainer width="100%" height="100%">
        <LineChart data={rows} margin={{ top: 4, right: 18, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <XAxis
            dataKey="at"
            tickFormatter={clock}
            interval={7}
            tickLine={false}
            axisLine={{ stroke: "var(--border)" }}
            tick={{ fill: "var(--muted-foreground)" }}
          />
          <YAxis
            width={38}
            tickCount={3}
            domain={unit === "%" ? [0, 100] : [0, "auto"]}
            tickLine={false}
            axisLine={false}
            tick={{ fill: "var(--muted-foreground)" }}
          />
          <Tooltip
            labelFormatter={(at) => clock(Number(at))}
            formatter={(value, name) => [
              `${Number(value).toLocaleString("en", { maximumFractionDigits: 1 })} ${unit}`,
              name,
            ]}
            contentStyle={{
              background: "var(--popover)",
              border: "1px solid var(--border)",
              borderRadius: 6,
              padding: "6px 10px",
            }}
            cursor={{ stroke: "var(--border)" }}
          />
          {lines.map(({ name }, line) => (
            <Line
              key={name}
              name={name}
              dataKey={(row: (typeof rows)[number]) => row.values[line]}
              stroke={`var(--chart-${(line % COLOURS) + 1})`}
              strokeWidth={1.5}
              dot={{ r: 1.5 }}
              isAnimationActive={false}
            />
          ))}
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}

const clock = (at: number) => new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
