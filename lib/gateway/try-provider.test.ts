import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { closeDatabase, db } from "@/db/client";
import { Operator } from "@/db/operator";
import { listAudit } from "@/db/queries/audit";
import { changeProvider, connectProvider } from "@/lib/operator/providers";
import { useFreshDatabase } from "@/tests/database";
import { tryProvider } from "./try-provider";

const KEY = "sk-of-the-operator-0123456789";
const operator = Operator.atTheCommandLine();
let status = 200;
const asked: { body: Record<string, unknown>; authorization?: string }[] = [];
const message = { role: "assistant", content: "OK" };
const answer = {
  ...{ id: "1", object: "chat.completion", created: 1, model: "m" },
  choices: [{ index: 0, message, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
};

const upstream = createServer(async (request, response) => {
  let text = "";
  for await (const piece of request) text += piece;
  asked.push({ body: JSON.parse(text), authorization: request.headers.authorization });
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(status === 200 ? answer : { error: { message: `Invalid API Key ${KEY}` } }));
});

beforeAll(async () => {
  await useFreshDatabase();
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const { port } = upstream.address() as AddressInfo;
  await connectProvider(operator, "groq", { baseUrl: `http://127.0.0.1:${port}/v1`, apiKey: KEY });
});
afterAll(async () => {
  await closeDatabase();
  upstream.close();
});

test("a provider that answers is asked for a few tokens with the operator's key, and that is written down", async () => {
  expect(await tryProvider(operator, "groq")).toMatchObject({ ok: true, model: expect.any(String) });
  expect(asked).toHaveLength(1);
  expect(asked[0]?.authorization).toBe(`Bearer ${KEY}`);
  const { max_tokens, max_completion_tokens } = asked[0]?.body ?? {};
  expect(max_tokens ?? max_completion_tokens).toBe(16);
  expect((await listAudit(db(), 1))[0]).toMatchObject({ action: "provider.test", targetId: "groq", result: "ok" });
});

test("a refused key is said to be one, without the key", async () => {
  status = 401;
  const tried = await tryProvider(operator, "groq");
  expect(tried).toMatchObject({ ok: false, failure: "credential" });
  expect(JSON.stringify(tried)).not.toContain(KEY);
  expect((await listAudit(db(), 1))[0]).toMatchObject({ after: { failure: "credential" }, result: "failed" });
});

test("a provider without a key says so and is not asked; one that is off has nothing to ask", async () => {
  const before = asked.length;
  expect(await tryProvider(operator, "fireworks")).toMatchObject({ ok: false, failure: "credential" });
  await changeProvider(operator, "groq", { enabled: false });
  await expect
    .poll(() => tryProvider(operator, "groq").catch(({ type }) => type), { timeout: 6_000, interval: 500 })
    .toBe("conflict");
  await expect(tryProvider(operator, "nobody")).rejects.toMatchObject({ type: "not_found" });
  expect(asked.length).toBeLessThanOrEqual(before + 12);
});
