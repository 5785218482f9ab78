import type { Histogram } from "./measures";

type Labels = Record<string, string>;
export type Sample = { labels?: Labels; value: number };
export type Family = { name: string; help: string } & (
  | { type: "counter" | "gauge"; samples: readonly Sample[] }
  | { type: "histogram"; samples: readonly { labels: Labels; histogram: Histogram }[] }
);

/** Prometheus' text format, version 0.0.4. */
export const exposition = (families: readonly Family[]): string =>
  families.map((family) => `${[head(family), ...linesOf(family)].join("\n")}\n`).join("");

const head = ({ name, help, type }: Family) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}`;

function linesOf(family: Family): string[] {
  const { name } = family;
  if (family.type !== "histogram") return family.samples.map(({ labels, value }) => line(name, labels, value));
  return family.samples.flatMap(({ labels, histogram: { buckets, counts, sum, count } }) => [
    ...buckets.map((most, at) => line(`${name}_bucket`, { ...labels, le: String(most) }, counts[at] ?? 0)),
    line(`${name}_bucket`, { ...labels, le: "+Inf" }, count),
    line(`${name}_sum`, labels, sum),
    line(`${name}_count`, labels, count),
  ]);
}

function line(name: string, labels: Labels = {}, value: number): string {
  const named = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${named.length > 0 ? `{${named.join(",")}}` : ""} ${value}`;
}

const escaped = (text: string) => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
