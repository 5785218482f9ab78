import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useFreshDatabase } from "@/tests/database";
import { closeDatabase, db } from "../client";
import { listPerformance } from "./endpoint-performance";

let write: postgres.Sql;

beforeAll(async () => {
  write = postgres(await useFreshDatabase(), { max: 1, onnotice: () => {} });
  const attempts = [{ provider: "first", failure: "down", status: 503, ms: 12 }];
  await log({ firstTokenMs: 100, totalMs: 1_100, output: 50 });
  await log({ firstTokenMs: 300, totalMs: 1_300, output: 150, attempts });
  await log({ firstTokenMs: 200, totalMs: 2_200, output: 200, outcome: "cancelled" });
  await log({ outcome: "failed", errorType: "provider_unavailable" });
  await log({ outcome: "failed", errorType: "invalid_request" });
  await log({ provider: null, outcome: "failed", errorType: "provider_unavailable" });
  await log({ firstTokenMs: 9_999, totalMs: 10_000, output: 50, hoursAgo: 25 });
  await log({ model: "acme/other", firstTokenMs: 9_999, totalMs: 10_000, output: 50 });
});
afterAll(async () => {
  await write.end();
  await closeDatabase();
});

type Entry = {
  model?: string;
  provider?: string | null;
  outcome?: string;
  errorType?: string;
  firstTokenMs?: number;
  totalMs?: number;
  output?: number;
  hoursAgo?: number;
  attempts?: object[];
};

const log = (entry: Entry) => write`
  insert into generations (id, created_at, account_id, key_id, requested_model, model_slug, provider_slug, outcome,
                           error_type, first_token_ms, total_ms, output_tokens, attempts)
  values (${randomUUID()}, now() - ${entry.hoursAgo ?? 0} * interval '1 hour', ${randomUUID()}, ${randomUUID()}, 'm',
          ${entry.model ?? "acme/model"}, ${entry.provider === undefined ? "second" : entry.provider},
          ${entry.outcome ?? "completed"}, ${entry.errorType ?? null}, ${entry.firstTokenMs ?? null},
          ${entry.totalMs ?? null}, ${entry.output ?? 0}, ${entry.attempts ? write.json(entry.attempts as never) : null})`;

test("the day's figures are medians of what was answered, and count what the provider itself failed", async () => {
  const rows = await listPerformance(db(), "acme/model");
  expect(rows.filter(({ hour }) => hour === null)).toEqual([
    { providerSlug: "first", hour: null, asked: 1, failed: 1, firstTokenMs: null, tokensPerSecond: null },
    { providerSlug: "second", hour: null, asked: 4, failed: 1, firstTokenMs: 200, tokensPerSecond: 100 },
  ]);
});

test("every hour with traffic has its own", async () => {
  const hours = (await listPerformance(db(), "acme/model")).filter(({ hour }) => hour !== null);
  expect(hours.map(({ providerSlug, asked }) => [providerSlug, asked])).toEqual([
    ["first", 1],
    ["second", 4],
  ]);
  expect(hours[0]?.hour?.getUTCMinutes()).toBe(0);
});

test("a model without traffic has none", async () => {
  expect(await listPerformance(db(), "acme/silent")).toEqual([]);
});
