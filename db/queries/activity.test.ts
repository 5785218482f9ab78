import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { useFreshDatabase } from "@/tests/database";
import { closeDatabase, db, unhurried } from "../client";
import { type ActivitySpan, listActivityDays, listLogChoices, readActivity } from "./activity";
import { rollActivity } from "./activity-roll";
import { sumKeyUsage } from "./key-usage";
import { rankModels } from "./model-rankings";

let sql: postgres.Sql;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const [ada, bob] = [randomUUID(), randomUUID()];
const keys: string[] = [];

beforeAll(async () => {
  sql = postgres(await useFreshDatabase(), { max: 1, onnotice: () => {} });
  await sql`update activity_state set rolled_until = now() - interval '41 days'`;
  for (const account of [ada, bob]) {
    await sql`insert into accounts (id) values (${account})`;
    for (const name of ["one", "two"]) {
      const [row] = await sql`
        insert into api_keys (account_id, name, hash, label) values (${account}, ${name}, ${randomUUID()}, 'k') returning id`;
      keys.push(row?.id);
    }
  }
  await log(ada, 0, { daysAgo: 0, model: "a/a", cost: 5, tokens: 10 });
  await log(ada, 0, { daysAgo: 1, model: "a/b", cost: 70, tokens: 20, outcome: "failed" });
  await log(ada, 1, { daysAgo: 1, model: "a/c", cost: 30, tokens: 40 });
  await log(ada, 1, { daysAgo: 3, model: "a/c", cost: 30, tokens: 40, app: "Helper" });
  await log(ada, 1, { daysAgo: 40, model: "a/d", cost: 900, tokens: 1 });
  await log(bob, 2, { daysAgo: 1, model: "a/c", cost: 4_000, tokens: 400 });
  await rollActivity(db());
  await unhurried((database) => rollActivity(database), 60_000);
});
afterAll(async () => {
  await sql.end();
  await closeDatabase();
});

type Entry = { daysAgo: number; model: string; cost: number; tokens: number; outcome?: string; app?: string };

const log = (account: string, key: number, { daysAgo, model, cost, tokens, outcome = "completed", app }: Entry) => sql`
  insert into generations (id, created_at, account_id, key_id, requested_model, model_slug, provider_slug, outcome, cost_nano, output_tokens, app_title)
  values (${randomUUID()}, ${new Date(today - daysAgo * DAY_MS)}, ${account}, ${keys[key] ?? ""}, '', ${model}, 'p', ${outcome}, ${cost}, ${tokens}, ${app ?? null})`;

const week: ActivitySpan = { from: new Date(today - 6 * DAY_MS), until: new Date(today + DAY_MS), step: "1 day" };

test("series come by what they cost, and those beyond the own ones are one place together", async () => {
  const { series, points } = await readActivity(db(), ada, { span: week, by: "model", own: 1, most: 10 });
  expect(series.map(({ name, place, figures }) => [name, place, figures.costNano])).toEqual([
    ["a/b", 0, 70n],
    ["a/c", 1, 60n],
    ["a/a", 2, 5n],
  ]);
  expect(points.map(({ at, place, figures }) => [(today - at.getTime()) / DAY_MS, place, figures.costNano])).toEqual([
    [3, 1, 30n],
    [1, 0, 70n],
    [1, 1, 30n],
    [0, 1, 5n],
  ]);
  expect(series[0]?.figures).toMatchObject({ requests: 1, errors: 1, completionTokens: 20 });
});

test("it is narrowed by any of what it is told by, none included, and is nobody else's", async () => {
  const cost = async (filter: object, account = ada) =>
    (await readActivity(db(), account, { span: week, by: "key", filter, own: 4, most: 10 })).series.map(
      ({ name, figures }) => [keys.indexOf(name), figures.costNano],
    );
  expect(await cost({ model: "a/c" })).toEqual([[1, 60n]]);
  expect(await cost({ keyId: keys[0] })).toEqual([[0, 75n]]);
  expect(await cost({ app: "Helper" })).toEqual([[1, 30n]]);
  expect(await cost({ app: "" })).toEqual([
    [0, 75n],
    [1, 30n],
  ]);
  expect(await cost({ keyId: keys[0] }, bob)).toEqual([]);
});

test("by days it is told by day, key, model and endpoint", async () => {
  const rows = await listActivityDays(db(), ada, { from: new Date(today - DAY_MS), until: new Date(today) });
  expect(
    rows.map(({ day, keyId, modelSlug, costNano }) => [day.getTime(), keys.indexOf(keyId), modelSlug, costNano]),
  ).toEqual([
    [today - DAY_MS, 0, "a/b", 70n],
    [today - DAY_MS, 1, "a/c", 30n],
  ]);
});

test("the log can be narrowed to what it has had", async () => {
  const choices = await listLogChoices(db(), ada);
  expect(Object.fromEntries(Object.entries(choices).map(([kind, values]) => [kind, values.toSorted()]))).toEqual({
    model: ["a/a", "a/b", "a/c"],
    key: keys.slice(0, 2).toSorted(),
    provider: ["p"],
    app: ["", "Helper"],
  });
});

test("what a key has cost is the same from the sums as from the log", async () => {
  const usageOf = await sumKeyUsage(db(), keys.slice(0, 2));
  expect(usageOf(keys[1] ?? "")).toMatchObject({ total: 960n, daily: 0n });
  expect(usageOf(keys[0] ?? "")).toMatchObject({ total: 75n, daily: 5n });
});

test("models are ranked by everyone's tokens, against as many days before", async () => {
  expect(await rankModels(db(), 2, 10)).toEqual(
    [
      { modelSlug: "a/c", tokens: 440, tokensBefore: 40, requests: 2 },
      { modelSlug: "a/b", tokens: 20, tokensBefore: 0, requests: 0 },
    ].concat((await rankModels(db(), 2, 10)).filter(({ modelSlug }) => modelSlug === "a/a")),
  );
  expect((await rankModels(db(), 30, 1)).map(({ modelSlug }) => modelSlug)).toEqual(["a/c"]);
});
