import fc from "fast-check";
import { expect, test } from "vitest";
import { completionTokens, promptTokens, type TokenUsage } from "@/lib/protocol/token-usage";
import { joinUsage } from "./anthropic/usage";
import { readUsage as readGemini } from "./gemini/usage";
import { readUsage as readOpenAi } from "./openai-compatible/usage";
import { readEnding } from "./openai-responses/ending";

const readResponses = (usage: unknown) => readEnding({ status: "completed", usage } as never, false).usage;

const count = fc.integer({ min: 0, max: 2_000_000 });
/** So much of a whole, as a part of it that a provider names. */
const share = fc.double({ min: 0, max: 1, noNaN: true });
const part = (whole: number, of: number) => Math.floor(whole * of);

const everyBucketIsACount = (usage: TokenUsage | undefined) => {
  for (const value of Object.values(usage ?? {})) expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
};

/** What the provider says it counted in all is what the buckets come to, and none is counted twice. */
function addsUp(usage: TokenUsage | undefined, prompt: number, completion: number) {
  everyBucketIsACount(usage);
  expect(usage && [promptTokens(usage), completionTokens(usage)]).toEqual([prompt, completion]);
}

const openAi = fc.tuple(count, count, share, share, share, share);

test("OpenAI: what was cached, written and heard is part of the prompt, and reasoning of the completion", () => {
  fc.assert(
    fc.property(openAi, ([prompt, completion, a, b, c, thought]) => {
      const cached = part(prompt, a);
      const written = part(prompt - cached, b);
      const audio = part(prompt - cached - written, c);
      const reasoning = part(completion, thought);
      const details = { cached_tokens: cached, cache_write_tokens: written, audio_tokens: audio };
      const usage = readOpenAi({
        prompt_tokens: prompt,
        completion_tokens: completion,
        total_tokens: prompt + completion,
        prompt_tokens_details: details,
        completion_tokens_details: { reasoning_tokens: reasoning },
      });
      addsUp(usage, prompt, completion);
      expect(usage).toMatchObject({ cacheRead: cached, cacheWrite: written, audio, reasoning });
      // The Responses API says the same by other names.
      const responses = readResponses({
        input_tokens: prompt,
        output_tokens: completion,
        total_tokens: prompt + completion,
        input_tokens_details: details,
        output_tokens_details: { reasoning_tokens: reasoning },
      });
      expect(responses).toEqual(usage);
    }),
  );
});

test("a server that leaves reasoning out of the completion is billed for both; its total, or the counts themselves, tell", () => {
  fc.assert(
    fc.property(
      count,
      count,
      fc.integer({ min: 1, max: 100_000 }),
      fc.boolean(),
      (prompt, completion, reasoning, total) => {
        fc.pre(total || reasoning > completion);
        const usage = readOpenAi({
          prompt_tokens: prompt,
          completion_tokens: completion,
          ...(total && { total_tokens: prompt + completion + reasoning }),
          completion_tokens_details: { reasoning_tokens: reasoning },
        });
        addsUp(usage, prompt, completion + reasoning);
        expect(usage?.reasoning).toBe(reasoning);
      },
    ),
  );
});

test("DeepSeek names its cache hits beside the prompt that they are part of", () => {
  fc.assert(
    fc.property(count, count, share, (prompt, completion, a) => {
      const hit = part(prompt, a);
      const usage = readOpenAi({
        ...{ prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
        ...{ prompt_cache_hit_tokens: hit, prompt_cache_miss_tokens: prompt - hit },
      });
      addsUp(usage, prompt, completion);
      expect(usage?.cacheRead).toBe(hit);
    }),
  );
});

test("Anthropic: what was read from the cache and written to it stands beside the input, thinking is part of the output", () => {
  fc.assert(
    fc.property(count, count, count, share, count, share, (input, read, written, hour, output, thought) => {
      const start = {
        input_tokens: input,
        cache_read_input_tokens: read,
        cache_creation_input_tokens: written,
        cache_creation: { ephemeral_1h_input_tokens: part(written, hour) },
        output_tokens: 1,
      };
      const end = { output_tokens: output, output_tokens_details: { thinking_tokens: part(output, thought) } };
      const usage = joinUsage(start, end);
      addsUp(usage, input + read + written, output);
      expect(usage).toMatchObject({ input, cacheRead: read, reasoning: part(output, thought) });
    }),
  );
});

test("Gemini: thoughts stand beside the candidates, what tools used beside the prompt, the cached is part of the prompt", () => {
  fc.assert(
    fc.property(count, share, share, share, count, count, count, (prompt, a, b, c, tools, candidates, thoughts) => {
      const cached = part(prompt, a);
      const cachedAudio = part(cached, b);
      const freshAudio = part(prompt - cached, c);
      const usage = readGemini({
        promptTokenCount: prompt,
        cachedContentTokenCount: cached,
        promptTokensDetails: [
          { modality: "TEXT", tokenCount: prompt - cachedAudio - freshAudio },
          { modality: "AUDIO", tokenCount: cachedAudio + freshAudio },
        ],
        cacheTokensDetails: [{ modality: "AUDIO", tokenCount: cachedAudio }],
        toolUsePromptTokenCount: tools,
        candidatesTokenCount: candidates,
        thoughtsTokenCount: thoughts,
        totalTokenCount: prompt + tools + candidates + thoughts,
      });
      addsUp(usage, prompt + tools, candidates + thoughts);
      expect(usage).toMatchObject({ cacheRead: cached, audio: freshAudio, reasoning: thoughts });
    }),
  );
});

/** What no count is, as servers have been seen to send it. */
const odd = fc.oneof(
  fc.constantFrom(undefined, null, -1, "12", 1.5, Number.NaN, 1e308, Number.POSITIVE_INFINITY, {}, [], true, 0),
  count,
);

test("whatever a server sends for its counts, each bucket is a whole number from zero up, and no part exceeds its whole", () => {
  const inOpenAi = fc.record({
    prompt_tokens: odd,
    completion_tokens: odd,
    total_tokens: odd,
    prompt_cache_hit_tokens: odd,
    prompt_tokens_details: fc.oneof(odd, fc.record({ cached_tokens: odd, cache_write_tokens: odd, audio_tokens: odd })),
    completion_tokens_details: fc.oneof(odd, fc.record({ reasoning_tokens: odd })),
  });
  fc.assert(
    fc.property(inOpenAi, (sent) => {
      const usage = readOpenAi(sent);
      everyBucketIsACount(usage);
      if (usage && Number.isSafeInteger(sent.prompt_tokens) && (sent.prompt_tokens as number) >= 0)
        expect(promptTokens(usage)).toBe(sent.prompt_tokens);
    }),
    { numRuns: 2_000 },
  );
  const inAnthropic = fc.record({
    input_tokens: odd,
    output_tokens: odd,
    cache_read_input_tokens: odd,
    cache_creation_input_tokens: odd,
    cache_creation: fc.oneof(odd, fc.record({ ephemeral_1h_input_tokens: odd })),
    output_tokens_details: fc.oneof(odd, fc.record({ thinking_tokens: odd })),
  });
  fc.assert(
    fc.property(inAnthropic, inAnthropic, (start, end) => everyBucketIsACount(joinUsage(start as never, end as never))),
    { numRuns: 2_000 },
  );
  const details = fc.oneof(odd, fc.array(fc.record({ modality: fc.constantFrom("AUDIO", "TEXT"), tokenCount: odd })));
  const inGemini = fc.record({
    promptTokenCount: odd,
    cachedContentTokenCount: odd,
    toolUsePromptTokenCount: odd,
    candidatesTokenCount: odd,
    thoughtsTokenCount: odd,
    promptTokensDetails: details,
    cacheTokensDetails: details,
  });
  fc.assert(
    fc.property(inGemini, (sent) => everyBucketIsACount(readGemini(sent))),
    { numRuns: 2_000 },
  );
});

test.each([
  ["absent", undefined, undefined],
  ["null", null, undefined],
  ["negative", { prompt_tokens: -3, completion_tokens: -1 }, undefined],
  ["a text", { prompt_tokens: "12", completion_tokens: "12" }, undefined],
  ["beyond every number", { prompt_tokens: 1e308, completion_tokens: 1e308 }, undefined],
  ["zero", { prompt_tokens: 0, completion_tokens: 0 }, 0],
  ["huge", { prompt_tokens: 9_007_199_254_740_991, completion_tokens: 0 }, 9_007_199_254_740_991],
])("a usage that is %s is %s: no count, or that count, and never another", (_what, sent, tokens) => {
  const usage = readOpenAi(sent);
  expect(usage && promptTokens(usage)).toBe(tokens);
});
