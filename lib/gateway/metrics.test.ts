import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { useFreshDatabase } from "../../tests/database";
import { exposition } from "./exposition";
import { measure } from "./measures";

const TOKEN = "a-token-of-the-settings";

beforeAll(async () => {
  await useFreshDatabase();
  vi.stubEnv("METRICS_TOKEN", TOKEN);
});
afterAll(async () => {
  const { closeDatabase } = await import("@/db/client");
  await closeDatabase();
});

async function scrape(authorization?: string) {
  const { metrics } = await import("./metrics");
  return metrics(new Request("http://test/api/metrics", { headers: authorization ? { authorization } : {} }));
}

const ended = {
  ...{ model: "test/one", provider: "acme", outcome: "completed", input: 7, output: 3 },
  ...{ charged: 13_000n, paid: 10_000n, overage: 0n, firstTokenMs: 240, totalMs: 800 },
};

test.each([undefined, "Bearer wrong", TOKEN])("whoever brings %j finds nothing", async (authorization) => {
  expect((await scrape(authorization)).status).toBe(404);
});

test("what ended is counted to the nano-dollar, by model, provider and outcome", async () => {
  for (let count = 0; count < 3; count++) measure(ended);
  measure({ ...ended, outcome: "failed", provider: undefined, input: 0, output: 0, charged: 0n, paid: 0n });
  const text = await (await scrape(`Bearer ${TOKEN}`)).text();
  for (const line of [
    'llm_requests_total{model="test/one",provider="acme",outcome="completed"} 3',
    'llm_requests_total{model="test/one",provider="",outcome="failed"} 1',
    'llm_tokens_total{model="test/one",provider="acme",direction="input"} 21',
    'llm_charged_dollars_total{model="test/one",provider="acme"} 0.000039',
    'llm_provider_dollars_total{model="test/one",provider="acme"} 0.00003',
    'llm_first_token_seconds_bucket{provider="acme",le="0.1"} 0',
    'llm_first_token_seconds_bucket{provider="acme",le="0.25"} 3',
    'llm_first_token_seconds_bucket{provider="acme",le="+Inf"} 3',
    'llm_request_seconds_count{provider="acme"} 3',
    "llm_database_up 1",
    "llm_holds_open 0",
    "llm_holds_overdue 0",
  ])
    expect(text.split("\n")).toContain(line);
});

test("an endpoint that is not asked any more is among them", async () => {
  const { db } = await import("@/db/client");
  const { health } = await import("@/lib/health/endpoint-health");
  const { ProviderError } = await import("@/lib/errors");
  const { endpoints } = await import("@/db/schema");
  const [endpoint] = await db().select().from(endpoints).limit(1);
  if (!endpoint) throw new Error("no endpoint");
  const { id, modelSlug, providerSlug } = endpoint;
  const watched = { id, modelSlug, provider: { slug: providerSlug, name: providerSlug } };
  for (let count = 0; count < 6; count++)
    health()
      .begin(watched)
      ?.failed(new ProviderError("x", "server", "No."));
  const text = await (await scrape(`Bearer ${TOKEN}`)).text();
  expect(text).toContain(`llm_circuit_open{model="${modelSlug}",provider="${providerSlug}"} 1`);
});

test("a label's quotes, backslashes and line ends do not end it", () => {
  const sample = { labels: { a: 'x"y\\z\nw' }, value: 1 };
  const text = exposition([{ name: "m", help: "h", type: "gauge", samples: [sample] }]);
  expect(text).toBe('# HELP m h\n# TYPE m gauge\nm{a="x\\"y\\\\z\\nw"} 1\n');
});

test("every query of the dashboard asks for a metric that is there", async () => {
  const text = await (await scrape(`Bearer ${TOKEN}`)).text();
  const types = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
  const known = new Set(
    types.flatMap(([, name = "", type]) =>
      type === "histogram" ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : name,
    ),
  );
  const { panels } = JSON.parse(readFileSync("deploy/grafana.json", "utf8"));
  const queries: string[] = panels.flatMap(({ targets }: { targets: { expr: string }[] }) =>
    targets.map(({ expr }) => expr),
  );
  expect(queries.length).toBeGreaterThan(10);
  for (const query of queries) {
    const asked = query.match(/\b(?:llm|process|nodejs)_\w+/g) ?? [];
    expect(asked.length, query).toBeGreaterThan(0);
    for (const name of asked) expect(known, query).toContain(name);
  }
});
