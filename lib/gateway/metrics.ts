import { monitorEventLoopDelay } from "node:perf_hooks";
import { db } from "@/db/client";
import { findOperatorFigures } from "@/db/queries/operator-figures";
import { runningGenerations } from "@/lib/billing/heartbeat";
import { env } from "@/lib/env";
import { health } from "@/lib/health/endpoint-health";
import { log } from "@/lib/log";
import { currentCatalogue } from "@/lib/models/catalogue";
import { type Nanos, usdNumber } from "@/lib/money";
import { processWide } from "@/lib/process-wide";
import { isBearerOf } from "./bearer-of";
import { exposition, type Family } from "./exposition";
import { type Histogram, measures } from "./measures";

/** Prometheus' figures of this process and of the database, for whoever brings `METRICS_TOKEN`; to others there is nothing. */
export async function metrics(request: Request): Promise<Response> {
  if (!isBearerOf(env().METRICS_TOKEN, request)) return new Response(null, { status: 404 });
  const families = [
    ...requestFamilies(),
    ...(await endpointFamilies()),
    ...(await databaseFamilies()),
    ...processFamilies(),
  ];
  return new Response(exposition(families), {
    headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" },
  });
}

function requestFamilies(): Family[] {
  const { requests, amounts, firstToken, total, overage } = measures();
  const byAmount = [...amounts.values()];
  const dollars = (name: string, help: string, of: (amount: (typeof byAmount)[number]) => Nanos): Family => ({
    ...{ name, help, type: "counter" },
    samples: byAmount.map(({ model, provider, ...amount }) => ({
      labels: { model, provider },
      value: usdNumber(of({ model, provider, ...amount })),
    })),
  });
  const histogram = (name: string, help: string, of: Map<string, Histogram>): Family => ({
    ...{ name, help, type: "histogram" },
    samples: [...of].map(([provider, counted]) => ({ labels: { provider }, histogram: counted })),
  });
  return [
    {
      ...{ name: "llm_requests_total", help: "Requests that ended, by who answered last and how.", type: "counter" },
      samples: [...requests.values()].map(({ count: value, ...labels }) => ({ labels, value })),
    },
    {
      ...{ name: "llm_tokens_total", help: "Tokens, as they were billed.", type: "counter" },
      samples: byAmount.flatMap(({ model, provider, input, output }) => [
        { labels: { model, provider, direction: "input" }, value: input },
        { labels: { model, provider, direction: "output" }, value: output },
      ]),
    },
    dollars("llm_charged_dollars_total", "What accounts were charged, in US dollars.", ({ charged }) => charged),
    dollars("llm_provider_dollars_total", "What providers charge for it, in US dollars.", ({ paid }) => paid),
    {
      ...{
        name: "llm_overage_dollars_total",
        help: "What providers counted beyond holds: the house's.",
        type: "counter",
      },
      samples: [{ value: usdNumber(overage) }],
    },
    histogram("llm_first_token_seconds", "From a request's arrival to its first word.", firstToken),
    histogram("llm_request_seconds", "From a request's arrival to its end.", total),
    {
      ...{ name: "llm_generations_running", help: "Answers that are coming in.", type: "gauge" },
      samples: [{ value: runningGenerations() }],
    },
  ];
}

const CIRCUITS = { closed: 0, "half-open": 0.5, open: 1 } as const;

async function endpointFamilies(): Promise<Family[]> {
  const { models } = await currentCatalogue();
  const names = new Map(
    [...models.values()].flatMap(({ slug, endpoints }) =>
      endpoints.map(({ id, provider }) => [id, { model: slug, provider: provider.slug }] as const),
    ),
  );
  const known = health()
    .report()
    .flatMap(({ id, circuit }) => ({ labels: names.get(id), value: CIRCUITS[circuit] }));
  return [
    {
      ...{ name: "llm_circuit_open", help: "1 while an endpoint is not asked, 0.5 while it is tried.", type: "gauge" },
      samples: known.flatMap(({ labels, value }) => (labels ? [{ labels, value }] : [])),
    },
  ];
}

async function databaseFamilies(): Promise<Family[]> {
  const asked = performance.now();
  const figures = await findOperatorFigures(db()).catch((err) => {
    log().warn({ err }, "the database's figures are not among the metrics");
    return undefined;
  });
  const gauge = (name: string, help: string, value: number | null | undefined): Family => ({
    ...{ name, help, type: "gauge" },
    samples: value == null ? [] : [{ value }],
  });
  return [
    gauge("llm_database_up", "Whether the database answers.", figures ? 1 : 0),
    gauge("llm_database_seconds", "How long it took for these figures.", (performance.now() - asked) / 1_000),
    gauge("llm_holds_open", "Holds of all processes.", figures?.holds),
    gauge("llm_held_dollars", "What they hold, in US dollars.", figures && usdNumber(BigInt(figures.held_nano))),
    gauge("llm_holds_overdue", "Open holds whose time was over a minute ago: nobody sweeps.", figures?.overdue),
    gauge("llm_books_differences", "Differences that the last check of the books found.", figures?.differences),
    gauge("llm_books_checked_ago_seconds", "How long ago the books were checked.", figures?.checked_ago),
    {
      ...{ name: "llm_operator_alerts", help: "Open alerts, by kind.", type: "gauge" },
      samples: figures?.alerts.map(({ kind, open }) => ({ labels: { kind }, value: open })) ?? [],
    },
  ];
}

const loopDelay = () =>
  processWide("loop-delay", () => {
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    return delay;
  });

function processFamilies(): Family[] {
  const delay = loopDelay();
  const seconds = (nanoseconds: number) => (Number.isFinite(nanoseconds) ? nanoseconds / 1e9 : 0);
  const lag = [0.5, 0.99].map((quantile) => ({
    labels: { quantile: String(quantile) },
    value: seconds(delay.percentile(quantile * 100)),
  }));
  // The next scrape tells of the time since this one.
  delay.reset();
  const { user, system } = process.cpuUsage();
  return [
    {
      ...{ name: "nodejs_eventloop_lag_seconds", help: "Since the last scrape.", type: "gauge" },
      samples: lag,
    },
    {
      ...{ name: "process_resident_memory_bytes", help: "Memory.", type: "gauge" },
      samples: [{ value: process.memoryUsage.rss() }],
    },
    {
      ...{ name: "process_cpu_seconds_total", help: "Processor time.", type: "counter" },
      samples: [{ value: (user + system) / 1e6 }],
    },
    {
      ...{ name: "process_start_time_seconds", help: "When it started, Unix time.", type: "gauge" },
      samples: [{ value: Math.round(Date.now() / 1_000 - process.uptime()) }],
    },
  ];
}
