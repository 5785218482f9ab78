import { expect, test } from "vitest";
import type { AppError } from "@/lib/errors";
import type { ChatChunk } from "../chat-chunk";
import { noTokens } from "../token-usage";
import { completions } from "./door";

const stamp = { id: "gen-1", created: 1, model: "a/b", provider: "B" };
const ending = {
  bill: {
    ...{ usage: { ...noTokens, input: 3, output: 4 }, cost: 5n, isByok: false },
    ...{ upstream: 5n, upstreamPrompt: 2n, upstreamCompletion: 3n },
  },
  reason: "stop" as const,
  native: "stop",
};
const read = (body: object) => completions.read({ model: "a/b", prompt: "Once", ...body }, () => undefined);

const logprob = (token: string) => ({ token, logprob: -0.5, bytes: null, top_logprobs: [{ token, logprob: -0.5 }] });
const piece = (content: string, index = 0, rest: object = {}): ChatChunk => ({
  choices: [{ index, delta: { content }, finish_reason: null, native_finish_reason: null, ...rest }],
});
const chunks: ChatChunk[] = [
  piece(" upon", 0, { logprobs: { content: [logprob(" upon")] } }),
  piece(" twice", 1),
  piece(" a time", 0, { logprobs: { content: [logprob(" a time")] } }),
];
async function* stream() {
  yield* structuredClone(chunks);
}

test("the prompt is what a user says, and chat's other fields are this dialect's too", () => {
  expect(read({ prompt: ["Once"], temperature: 0.5, logprobs: 2, models: ["c/d"] }).request).toMatchObject({
    messages: [{ role: "user", content: "Once" }],
    ...{ temperature: 0.5, logprobs: true, top_logprobs: 2, models: ["c/d"] },
  });
});

test("an answer is text, with the prompt before it where that is wanted, and its usage", async () => {
  const body = (await read({ echo: true, n: 2 }).fold(stream(), stamp))(ending);
  expect(body).toMatchObject({
    ...{ id: "gen-1", object: "text_completion", model: "a/b", provider: "B" },
    choices: [
      {
        ...{ index: 0, text: "Once upon a time" },
        logprobs: { tokens: [" upon", " a time"], token_logprobs: [-0.5, -0.5], text_offset: [4, 9] },
      },
      { index: 1, text: "Once twice", logprobs: null },
    ],
    usage: { prompt_tokens: 3, completion_tokens: 4, cost: 5e-9 },
  });
});

test("in pieces it is the same", () => {
  const write = read({ echo: true, n: 2, stream: true }).writer(stamp);
  const text = chunks.map(write.chunk).join("") + write.end(ending);
  const events = text.split("\n\n").filter((block) => block.startsWith("data: {"));
  const told = events.map((event) => JSON.parse(event.slice("data: ".length)));
  const textOf = (index: number) => told.flatMap(({ choices }) => choices).filter((one) => one.index === index);
  expect(
    textOf(0)
      .map((one) => one.text)
      .join(""),
  ).toBe("Once upon a time");
  expect(
    textOf(1)
      .map((one) => one.text)
      .join(""),
  ).toBe("Once twice");
  expect(textOf(0).flatMap(({ logprobs }) => logprobs?.text_offset ?? [])).toEqual([4, 9]);
  expect(told.at(-1)).toMatchObject({ usage: { total_tokens: 7 }, choices: [{ finish_reason: "stop" }] });
  expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
});

test.each([
  ["several prompts", { prompt: ["a", "b"] }, "prompt"],
  ["tokens", { prompt: [1, 2] }, "prompt"],
  ["a suffix", { suffix: "The end." }, "suffix"],
  ["more candidates than answers", { best_of: 3 }, "best_of"],
])("%s are refused by name", (_, body, name) => {
  let refusal: unknown;
  try {
    read(body);
  } catch (error) {
    refusal = error;
  }
  expect((refusal as AppError).type).toBe("invalid_request");
  expect((refusal as AppError).message).toContain(name);
});
