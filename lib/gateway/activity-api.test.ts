import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { rollActivity } from "@/db/queries/activity-roll";
import { generations } from "@/db/schema";
import { mintKey, removeKey } from "@/lib/keys/manage";
import { callHandler, newCustomer } from "@/tests/call-handler";
import { useFreshDatabase } from "@/tests/database";
import { listActivity } from "./activity-api";

const DAY_MS = 86_400_000;
const ENDPOINT = "11111111-1111-4111-8111-111111111111";
const OTHER = "22222222-2222-4222-8222-222222222222";

let ada: { accountId: string; manager: string; keyId: string; hash: string };
let ben: typeof ada;

const someone = async () => {
  const { accountId } = await newCustomer("0");
  const { row } = await mintKey({ accountId, name: "asks" });
  const manager = await mintKey({ accountId, name: "manages", kind: "management" });
  return { accountId, manager: manager.key, keyId: row.id, hash: row.hash };
};

let count = 0;
const at = (daysAgo: number) => new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS - daysAgo * DAY_MS + 3_600_000);
const row = (who: typeof ada, daysAgo: number, change: Partial<typeof generations.$inferInsert> = {}) => ({
  id: `gen-${++count}`,
  createdAt: at(daysAgo),
  accountId: who.accountId,
  keyId: who.keyId,
  requestedModel: "test/one",
  modelSlug: "test/one",
  providerSlug: "alpha",
  endpointId: ENDPOINT,
  outcome: "completed" as const,
  inputTokens: 10,
  cacheReadTokens: 5,
  outputTokens: 20,
  reasoningTokens: 7,
  costNano: 1_500_000n,
  ...change,
});

beforeAll(async () => {
  await useFreshDatabase();
  [ada, ben] = [await someone(), await someone()];
  const second = await mintKey({ accountId: ada.accountId, name: "asks too" });
  await db()
    .insert(generations)
    .values([
      row(ada, 1),
      row(ada, 1, { keyId: second.row.id }),
      row(ada, 1, { endpointId: OTHER, providerSlug: "beta", costNano: 9_000_000n, byokUsageNano: 2_000_000n }),
      row(ada, 3, { modelSlug: "test/two" }),
      row(ada, 1, { endpointId: null, providerSlug: null, costNano: 0n, outcome: "failed" }),
      row(ada, 0),
      row(ada, 31),
      row(ben, 1, { costNano: 77_000_000n }),
    ]);
});
afterAll(() => closeDatabase());

const ask = (query = "", key = ada.manager) => callHandler(listActivity, key, { query });
const day = (daysAgo: number) => at(daysAgo).toISOString().slice(0, 10);

const expected = () => [
  {
    ...{ date: day(1), model: "test/one", model_permaslug: "test/one", endpoint_id: OTHER, provider_name: "beta" },
    ...{ usage: 0.009, byok_usage_inference: 0.002, requests: 1 },
    ...{ prompt_tokens: 15, completion_tokens: 27, reasoning_tokens: 7 },
  },
  {
    ...{ date: day(1), model: "test/one", model_permaslug: "test/one", endpoint_id: ENDPOINT, provider_name: "alpha" },
    ...{ usage: 0.003, byok_usage_inference: 0, requests: 2 },
    ...{ prompt_tokens: 30, completion_tokens: 54, reasoning_tokens: 14 },
  },
  expect.objectContaining({ date: day(3), model: "test/two", requests: 1 }),
];

test("what an account used of each endpoint on the 30 days that are over, before and after the log is summed up", async () => {
  expect((await ask()).json.data).toEqual(expected());
  await rollActivity(db(), { margin: "0 seconds" });
  expect((await ask()).json.data).toEqual(expected());
});

test("of one day, one key, one workspace", async () => {
  expect((await ask(`date=${day(3)}`)).json.data).toHaveLength(1);
  expect((await ask(`date=${day(2)}`)).json.data).toEqual([]);
  const { json } = await ask(`api_key_hash=${ada.hash}&date=${day(1)}`);
  expect(json.data.map(({ requests }: { requests: number }) => requests)).toEqual([1, 1]);
  const grouped = await ask(`group_by=workspace&workspace_id=${ada.accountId}`);
  expect(grouped.json.data.every((item: { workspace_id: string }) => item.workspace_id === ada.accountId)).toBe(true);
  expect((await ask()).json.data[0]).not.toHaveProperty("workspace_id");
});

test("another account's key, workspace or user is not there, nor is anything of its in the sums", async () => {
  expect((await ask("", ben.manager)).json.data).toMatchObject([{ usage: 0.077, requests: 1 }]);
  for (const query of [`api_key_hash=${ben.hash}`, `workspace_id=${ben.accountId}`, `user_id=${OTHER}`])
    expect((await ask(query)).status, query).toBe(404);
});

test("a key that was deleted is still in the sums", async () => {
  await removeKey(ada.accountId, ada.hash);
  expect((await ask(`api_key_hash=${ada.hash}`)).json.data).toHaveLength(3);
});

test.each([
  `date=${new Date().toISOString().slice(0, 10)}`,
  "date=2020-01-01",
  "date=yesterday",
  "date=2026-02-30",
  "api_key_hash=x",
  "group_by=model",
  "workspace_id=x",
])("%s is refused", async (query) => expect((await ask(query)).status).toBe(400));
