import { expect, test } from "vitest";
import type { ProviderError } from "@/lib/errors";
import type { EmbedWish } from "@/lib/protocol/embed-wish";
import { adapterFor } from ".";
import type { ProviderKind } from "./adapter";
import { callOf, collectChunks, failureAfter } from "./testing/calls";
import { sendJson, standIn } from "./testing/stand-in-upstream";

const wish = (more: Partial<EmbedWish> = {}): EmbedWish => ({ inputs: ["one", "two"], format: "float", ...more });
const callFor = (embed: EmbedWish) => callOf({}, "an-embedder", { embed });
const embedder = (kind: ProviderKind, baseUrl: string) =>
  adapterFor({ provider: "Test", kind, baseUrl, apiKey: "key" });

const openAiAnswer = {
  object: "list",
  data: [
    { object: "embedding", index: 1, embedding: [0.3, 0.4] },
    { object: "embedding", index: 0, embedding: [0.1, 0.2] },
  ],
  usage: { prompt_tokens: 5, total_tokens: 5 },
};

test("OpenAI's embeddings come in the order of the inputs, in one chunk that is finished and counted", async () => {
  const upstream = await standIn((response) => sendJson(response, openAiAnswer));
  const chunks = await collectChunks(embedder("openai-embeddings", upstream.url)(callFor(wish({ dimensions: 2 }))));
  expect(chunks).toMatchObject([
    {
      choices: [{ finish_reason: "stop" }],
      embeddings: [
        [0.1, 0.2],
        [0.3, 0.4],
      ],
      usage: { input: 5, output: 0, reasoning: 0 },
    },
  ]);
  const { path, body = "" } = upstream.received[0] ?? {};
  expect(path).toBe("/embeddings");
  expect(JSON.parse(body)).toEqual({
    model: "an-embedder",
    input: ["one", "two"],
    encoding_format: "float",
    dimensions: 2,
  });
});

test("tokens and a purpose go to an OpenAI-compatible server as they came, and numbers are asked for", async () => {
  const upstream = await standIn((response) => sendJson(response, openAiAnswer));
  const asked = wish({ inputs: [[1, 2], [3]], purpose: "search_query", format: "base64" });
  await collectChunks(embedder("openai-embeddings", upstream.url)(callFor(asked)));
  expect(JSON.parse(upstream.received[0]?.body ?? "")).toMatchObject({
    input: [[1, 2], [3]],
    encoding_format: "float",
    input_type: "search_query",
  });
});

test("an answer with fewer embeddings than inputs is none", async () => {
  const upstream = await standIn((response) => sendJson(response, { ...openAiAnswer, data: [openAiAnswer.data[1]] }));
  const { error } = await failureAfter(embedder("openai-embeddings", upstream.url), callFor(wish()));
  expect(error).toMatchObject({ failure: "malformed" } satisfies Partial<ProviderError>);
});

test("Gemini is told the length and the purpose in its own words, and need not count", async () => {
  const upstream = await standIn((response) => sendJson(response, { embeddings: [{ values: [1] }, { values: [2] }] }));
  const asked = wish({ dimensions: 1, purpose: "search_document" });
  const [chunk] = await collectChunks(embedder("google-embeddings", upstream.url)(callFor(asked)));
  expect(chunk?.embeddings).toEqual([[1], [2]]);
  expect(chunk?.usage).toBeUndefined();
  const { path, body = "" } = upstream.received[0] ?? {};
  expect(path).toBe("/v1beta/models/an-embedder:batchEmbedContents");
  expect(JSON.parse(body).requests).toEqual(
    ["one", "two"].map((text) => ({
      model: "models/an-embedder",
      content: { parts: [{ text }], role: "user" },
      outputDimensionality: 1,
      taskType: "RETRIEVAL_DOCUMENT",
    })),
  );
});

test("tokens are refused where they mean nothing", async () => {
  const { error } = await failureAfter(
    embedder("google-embeddings", "http://127.0.0.1:1"),
    callFor(wish({ inputs: [[1]] })),
  );
  expect(error).toMatchObject({ type: "invalid_request" });
});

test("a refusal is told like any other", async () => {
  const upstream = await standIn((response) =>
    sendJson(response, { error: { message: "Too long.", type: "invalid_request_error", code: null } }, 400),
  );
  const { error } = await failureAfter(embedder("openai-embeddings", upstream.url), callFor(wish()));
  expect(error).toMatchObject({ failure: "invalid_request" });
  expect((error as Error).message).toContain("Too long.");
});

test("at a provider that makes none, another is asked", async () => {
  const { error } = await failureAfter(embedder("anthropic-embeddings", "http://127.0.0.1:1"), callFor(wish()));
  expect(error).toMatchObject({ failure: "misconfigured", tryNext: true });
});
