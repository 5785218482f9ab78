import { desc } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { db } from "@/db/client";
import { generations } from "@/db/schema";
import { routedGateway } from "@/tests/routed-gateway";
import { chatCompletions } from "./chat-completions";
import { messages } from "./messages";
import { responses } from "./responses";

let gateway: Awaited<ReturnType<typeof routedGateway>>;
let ada: { accountId: string; key: string };

beforeAll(async () => {
  const supportedParameters = ["response_format", "max_tokens"];
  gateway = await routedGateway([
    { model: "test/one", provider: "alpha", endpoint: { supportedParameters } },
    {
      ...{ model: "test/two", provider: "alpha" },
      endpoint: { supportedParameters: [...supportedParameters, "structured_outputs"] },
      price: 2_000_000n,
    },
    { model: "test/two", provider: "beta", endpoint: { supportedParameters } },
  ]);
  ada = await gateway.customer();
});
afterAll(() => gateway.stop());

const HEALING = { plugins: [{ id: "response-healing" }] };
const AS_JSON = { response_format: { type: "json_object" } };
const BROKEN = 'Here: {"city": "Berlin", "rivers": ["Spree",';
const MENDED = { city: "Berlin", rivers: ["Spree"] };

const ask = async (body: object, content = BROKEN) => {
  gateway.answers.alpha = { delta: [{ content }] };
  return gateway.call(chatCompletions, ada.key, {
    body: { model: "test/one", messages: [{ role: "user", content: "Where?" }], ...body },
    headers: { "x-openrouter-metadata": "enabled" },
  });
};

test("broken JSON is mended, and the answer and the log say so", async () => {
  const { json } = await ask({ ...HEALING, ...AS_JSON });
  expect(JSON.parse(json.choices[0].message.content)).toEqual(MENDED);
  expect(json.choices[0].finish_reason).toBe("stop");
  expect(json.usage).toMatchObject({ completion_tokens: 50 });
  const pipeline = [{ type: "response_healing", name: "response-healing", data: { choices_mended: 1 } }];
  expect(json.openrouter_metadata).toMatchObject({ pipeline });
  const [row] = await db().select().from(generations).orderBy(desc(generations.createdAt)).limit(1);
  expect(row).toMatchObject({ outputTokens: 50, route: { pipeline } });
});

test.each([
  ["where nobody asks for it", AS_JSON],
  ["where it is off", { ...AS_JSON, plugins: [{ id: "response-healing", enabled: false }] }],
  ["where no JSON was asked for", HEALING],
])("nothing is mended %s", async (_, body) => {
  const { json } = await ask(body);
  expect(json.choices[0].message.content).toBe(BROKEN);
  expect(json.openrouter_metadata).not.toHaveProperty("pipeline");
});

test("of a stream nothing is mended", async () => {
  const { events } = await ask({ ...HEALING, ...AS_JSON, stream: true });
  expect(events[0].choices[0].delta.content).toBe(BROKEN);
});

test("valid JSON stays as it was written", async () => {
  const { json } = await ask({ ...HEALING, ...AS_JSON }, ' {"a" :1}\n');
  expect(json.choices[0].message.content).toBe(' {"a" :1}\n');
  expect(json.openrouter_metadata).not.toHaveProperty("pipeline");
});

test("it is the same through the other doors", async () => {
  gateway.answers.alpha = { delta: [{ content: BROKEN }] };
  const schema = { type: "object", properties: {}, additionalProperties: false };
  const openai = await gateway.call(responses, ada.key, {
    body: { ...HEALING, model: "test/one", input: "Where?", text: { format: { type: "json_object" } } },
  });
  expect(JSON.parse(openai.json.output[0].content[0].text)).toEqual(MENDED);
  const anthropic = await gateway.call(messages, ada.key, {
    body: {
      ...HEALING,
      ...{ model: "test/one", max_tokens: 100, messages: [{ role: "user", content: "Where?" }] },
      output_config: { format: { type: "json_schema", schema } },
    },
  });
  expect(JSON.parse(anthropic.json.content[0].text)).toEqual(MENDED);
});

test("a schema goes to who keeps to schemas, where there is one", async () => {
  const response_format = { type: "json_schema", json_schema: { name: "city", schema: { type: "object" } } };
  const asked = { model: "test/two", provider: { sort: "price" }, response_format };
  gateway.sent();
  await ask(asked);
  await ask({ ...asked, ...AS_JSON });
  await ask({ ...asked, ...AS_JSON, structured_outputs: true });
  expect(gateway.sent().map(({ provider }) => provider)).toEqual(["alpha", "beta", "alpha"]);
  const { status, json } = await ask({ model: "test/one", response_format, provider: { require_parameters: true } });
  expect([status, json.error.message]).toEqual([404, expect.stringContaining("structured_outputs")]);
});
