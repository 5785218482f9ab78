import type { Nanos } from "@/lib/money";
import { processWide } from "@/lib/process-wide";

/** Seconds; the last bucket of each is what took longer. */
export const FIRST_TOKEN_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300] as const;
export const TOTAL_BUCKETS = [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900] as const;

/** How many values were at most as large as each bucket, and all of them together. */
export type Histogram = { buckets: readonly number[]; counts: number[]; sum: number; count: number };

type Measures = {
  /** By model, provider and outcome. */
  requests: Map<string, { model: string; provider: string; outcome: string; count: number }>;
  /** By model and provider. */
  amounts: Map<string, { model: string; provider: string; input: number; output: number; charged: Nanos; paid: Nanos }>;
  firstToken: Map<string, Histogram>;
  total: Map<string, Histogram>;
  overage: Nanos;
};

/** What this process has done since it started: whoever scrapes it adds the processes up. */
export const measures = () =>
  processWide<Measures>("measures", () => ({
    ...{ requests: new Map(), amounts: new Map(), firstToken: new Map(), total: new Map(), overage: 0n },
  }));

/** A generation that ended. Amounts are nano-USD: what the account was charged, the provider was paid, and the house bore. */
export type Measured = {
  model: string;
  /** The one that answered last. */
  provider: string | undefined;
  outcome: string;
  input: number;
  output: number;
  charged: Nanos;
  paid: Nanos;
  overage: Nanos;
  firstTokenMs: number | null;
  totalMs: number;
};

export function measure(ended: Measured): void {
  const { model, outcome, provider = "" } = ended;
  const own = measures();
  const request = `${model} ${provider} ${outcome}`;
  const counted = own.requests.get(request) ?? { model, provider, outcome, count: 0 };
  counted.count++;
  own.requests.set(request, counted);
  const of = `${model} ${provider}`;
  const amounts = own.amounts.get(of) ?? { model, provider, input: 0, output: 0, charged: 0n, paid: 0n };
  amounts.input += ended.input;
  amounts.output += ended.output;
  amounts.charged += ended.charged;
  amounts.paid += ended.paid;
  own.amounts.set(of, amounts);
  own.overage += ended.overage;
  if (!provider || outcome !== "completed") return;
  if (ended.firstTokenMs !== null) add(own.firstToken, provider, FIRST_TOKEN_BUCKETS, ended.firstTokenMs / 1_000);
  add(own.total, provider, TOTAL_BUCKETS, ended.totalMs / 1_000);
}

function add(histograms: Map<string, Histogram>, of: string, buckets: readonly number[], value: number): void {
  const histogram = histograms.get(of) ?? { buckets, counts: buckets.map(() => 0), sum: 0, count: 0 };
  buckets.forEach((most, at) => {
    if (value <= most) histogram.counts[at] = (histogram.counts[at] ?? 0) + 1;
  });
  histogram.sum += value;
  histogram.count++;
  histograms.set(of, histogram);
}
