import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { creditAccount, insertUser } from "@/db/queries/accounts";
import { insertModel, upsertEndpoint, upsertProvider } from "@/db/queries/catalogue";
import { mintKey } from "@/lib/keys/manage";
import { parseUsd } from "@/lib/money";
import { seal } from "@/lib/seal";
import { useFreshDatabase } from "../database";
import { type ScriptedUpstream, startScriptedUpstream } from "../scripted-upstream";
import { type Replica, startReplica } from "../start-replica";

let upstream: ScriptedUpstream;
let replicas: Replica[];

beforeAll(async () => {
  await useFreshDatabase();
  upstream = await startScriptedUpstream();
  await upsertProvider(db(), {
    slug: "script",
    name: "Script",
    kind: "openai",
    baseUrl: upstream.baseUrl,
    sealedApiKey: seal("operator-key-000001", "providers.script"),
  });
  await insertModel(db(), { slug: "test/answers", companySlug: "test", name: "A", contextLength: 8_000 }, "Test");
  await upsertEndpoint(
    db(),
    {
      modelSlug: "test/answers",
      providerSlug: "script",
      upstreamModel: "answers",
      contextLength: 8_000,
      maxOutput: 100,
    },
    { promptPico: 1_000_000n, completionPico: 1_000_000n },
  );
  replicas = await Promise.all([startReplica(), startReplica()]);
});

afterAll(async () => {
  await Promise.all(replicas.map(({ stop }) => stop()));
  await upstream.stop();
  await closeDatabase();
});

async function statusAt(replica: number, key: string): Promise<number> {
  const response = await fetch(`${replicas[replica]?.url}/api/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "test/answers", messages: [{ role: "user", content: "Hi" }], max_tokens: 10 }),
  });
  await response.arrayBuffer();
  return response.status;
}

test.each([
  ["disabled", { disabled: true }, { disabled: false }, 401],
  ["held to other models", { allowed_models: ["test/other"] }, { allowed_models: null }, 403],
  ["given a limit of nothing", { limit: 0 }, { limit: null }, 403],
  ["expired", { expires_at: "2020-01-01T00:00:00Z" }, { expires_at: null }, 401],
])("a key that is %s on one replica is so on the other within 5 s, and back", async (_what, change, back, refused) => {
  const user = await insertUser({ email: `${crypto.randomUUID()}@test`, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  const { accountId } = user;
  const credits = { amount: parseUsd("1"), kind: "adjustment", source: "test", sourceId: user.id } as const;
  await creditAccount(accountId, credits);
  const { key, row } = await mintKey({ accountId, name: "test" });
  const manager = await mintKey({ accountId, name: "manager", kind: "management" });
  const patch = async (body: object) => {
    const response = await fetch(`${replicas[0]?.url}/api/v1/keys/${row.hash}`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${manager.key}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
  };
  const becomes = async (status: number) => {
    const startedAt = performance.now();
    while ((await statusAt(1, key)) !== status) {
      if (performance.now() - startedAt > 5_500) throw new Error(`not ${status} after 5 s`);
      await sleep(200);
    }
  };
  expect([await statusAt(0, key), await statusAt(1, key)]).toEqual([200, 200]);
  await patch(change);
  expect(await statusAt(0, key)).toBe(refused);
  await becomes(refused);
  await patch(back);
  expect(await statusAt(0, key)).toBe(200);
  await becomes(200);
});

test("fifty requests under one Idempotency-Key, at two replicas at once, are one generation and one charge", async () => {
  const user = await insertUser({ email: `${crypto.randomUUID()}@test`, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  const { accountId } = user;
  await creditAccount(accountId, { amount: parseUsd("1"), kind: "adjustment", source: "test", sourceId: user.id });
  const { key } = await mintKey({ accountId, name: "test" });
  const before = upstream.calls.get("answers") ?? 0;
  const answers = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const response = await fetch(`${replicas[index % 2]?.url}/api/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "idempotency-key": "one", "content-type": "application/json" },
        body: JSON.stringify({ model: "test/answers", messages: [{ role: "user", content: "Hi" }], max_tokens: 10 }),
      });
      return `${response.status} ${await response.text()}`;
    }),
  );
  expect(new Set(answers).size).toBe(1);
  expect(answers[0]).toMatch(/^200 /);
  expect((upstream.calls.get("answers") ?? 0) - before).toBe(1);
  await sleep(300);
  const charges = await db().execute(`select 1 from ledger where account_id = '${accountId}' and kind = 'usage'`);
  expect(charges).toHaveLength(1);
});

test("of two hundred requests to two replicas at once exactly as many pass as the key may make a minute", async () => {
  const user = await insertUser({ email: `${crypto.randomUUID()}@test`, passwordHash: null, role: "user" });
  if (!user) throw new Error("no user");
  const { accountId } = user;
  await creditAccount(accountId, { amount: parseUsd("10"), kind: "adjustment", source: "test", sourceId: user.id });
  const { key } = await mintKey({ accountId, name: "test", requestsPerMinute: 60 });
  const statuses = await Promise.all(Array.from({ length: 200 }, (_, index) => statusAt(index % 2, key)));
  expect(statuses.filter((status) => status === 200)).toHaveLength(60);
  expect(statuses.filter((status) => status === 429)).toHaveLength(140);
});
