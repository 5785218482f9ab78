import { afterAll, beforeAll, expect, test } from "vitest";
import { lines, pdfOf } from "@/tests/pdf";
import { routedGateway } from "@/tests/routed-gateway";
import { chatCompletions } from "./chat-completions";
import { messages } from "./messages";
import { responses } from "./responses";

let gateway: Awaited<ReturnType<typeof routedGateway>>;
let ada: { accountId: string; key: string };

beforeAll(async () => {
  gateway = await routedGateway([
    { model: "test/text", provider: "alpha" },
    { model: "test/files", provider: "alpha", about: { inputModalities: ["text", "file"] } },
  ]);
  ada = await gateway.customer();
});
afterAll(() => gateway.stop());

const base64 = pdfOf([lines("The sky is green.")]).toString("base64");
const url = `data:application/pdf;base64,${base64}`;
const TEXT = '<file name="sky.pdf">\nThe sky is green.\n</file>';
const file = (file_data = url) => ({ type: "file", file: { filename: "sky.pdf", file_data } });
const question = { type: "text", text: "What colour is it?" };

const ask = (body: object = {}, content: object[] = [question, file()]) =>
  gateway.call(chatCompletions, ada.key, {
    body: { model: "test/text", max_tokens: 50, messages: [{ role: "user", content }], ...body },
    headers: { "x-openrouter-metadata": "enabled" },
  });
type Sent = { messages: { content: { type: string; text?: string }[] | string }[] };
const sent = () => gateway.sent().map(({ body }) => (body as Sent).messages.at(-1)?.content);

test("a model that takes no files is sent the text of a PDF, and the answer tells what was read", async () => {
  const { status, json } = await ask();
  expect(status).toBe(200);
  expect(sent()).toEqual([[question, { type: "text", text: TEXT }]]);
  expect(json.choices[0].message.annotations).toEqual([
    {
      type: "file",
      file: {
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        name: "sky.pdf",
        content: [{ type: "text", text: "The sky is green." }],
      },
    },
  ]);
  expect(json.openrouter_metadata.pipeline).toMatchObject([
    { type: "plugin", name: "file-parser", data: { engine: "pdf-text", files: 1 } },
  ]);
});

test("a stream begins with what was read", async () => {
  const { events } = await ask({ stream: true });
  expect(events[0].choices[0].delta.annotations).toHaveLength(1);
  expect(events.slice(1).some((event) => event.choices[0]?.delta.annotations)).toBe(false);
});

test("what comes back with the conversation is not read again", async () => {
  gateway.sent();
  const { json } = await ask();
  const { message } = json.choices[0];
  message.annotations[0].file.content[0].text = "As it was read before.";
  await ask({ messages: [{ role: "user", content: [file()] }, message, { role: "user", content: [file()] }] });
  expect(sent().at(-1)).toEqual('<file name="sky.pdf">\nAs it was read before.\n</file>');
});

test.each<[string, object, boolean]>([
  ["a model that takes files", {}, false],
  ["one for whom native is named", { plugins: [{ id: "file-parser", pdf: { engine: "native" } }] }, false],
  ["one for whom pdf-text is named", { plugins: [{ id: "file-parser", pdf: { engine: "pdf-text" } }] }, true],
])("%s is sent what was asked for", async (_, body, read) => {
  gateway.sent();
  expect((await ask({ model: "test/files", ...body })).status).toBe(200);
  expect(JSON.stringify(sent())).toContain(read ? "The sky is green." : base64);
});

test.each<[string, number, object, object[]]>([
  ["an engine that is not here", 400, { plugins: [{ id: "file-parser", pdf: { engine: "mistral-ocr" } }] }, [file()]],
  ["the plugin off", 404, { plugins: [{ id: "file-parser", enabled: false }] }, [file()]],
  [
    "native, of a model that takes none",
    404,
    { plugins: [{ id: "file-parser", pdf: { engine: "native" } }] },
    [file()],
  ],
  ["a link", 404, {}, [file("https://files.test/sky.pdf")]],
  ["a broken PDF", 400, {}, [file("data:application/pdf;base64,AAAA")]],
])("%s is refused (%i), and nobody is asked", async (_, expected, body, content) => {
  gateway.sent();
  expect((await ask(body, content)).status).toBe(expected);
  expect(sent()).toEqual([]);
});

test("it is the same through the other doors", async () => {
  gateway.sent();
  const source = { type: "base64", media_type: "application/pdf", data: base64 };
  const anthropic = await gateway.call(messages, ada.key, {
    body: {
      ...{ model: "test/text", max_tokens: 50 },
      messages: [{ role: "user", content: [{ type: "document", source, title: "sky.pdf" }] }],
    },
  });
  expect(anthropic).toMatchObject({ status: 200, json: { content: [{ type: "text", text: "from alpha" }] } });
  const openai = await gateway.call(responses, ada.key, {
    body: {
      model: "test/text",
      input: [{ role: "user", content: [{ type: "input_file", filename: "sky.pdf", file_data: url }] }],
    },
  });
  expect(openai.status).toBe(200);
  for (const content of sent()) expect(JSON.stringify(content)).toContain("The sky is green.");
});
