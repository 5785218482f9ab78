import { z } from "zod";

const finishReason = z.enum(["stop", "length", "tool_calls", "content_filter", "error"]);
const origin = {
  id: z.string().nullish(),
  format: z.enum(["openai-responses-v1", "anthropic-claude-v1", "google-gemini-v1", "unknown"]).nullish(),
  index: z.int().optional(),
};

const reasoningDetail = z.discriminatedUnion("type", [
  z.object({
    ...origin,
    type: z.literal("reasoning.text"),
    text: z.string().nullish(),
    signature: z.string().nullish(),
  }),
  z.object({ ...origin, type: z.literal("reasoning.summary"), summary: z.string() }),
  z.object({ ...origin, type: z.literal("reasoning.encrypted"), data: z.string() }),
]);

const said = {
  content: z.string().nullish(),
  refusal: z.string().nullish(),
  reasoning: z.string().nullish(),
  reasoning_details: z.array(reasoningDetail).optional(),
  images: z.array(z.looseObject({ image_url: z.object({ url: z.string() }) })).optional(),
  audio: z.looseObject({}).optional(),
  annotations: z.array(z.looseObject({})).optional(),
};

const logprobs = z
  .object({ content: z.array(z.unknown()).nullish(), refusal: z.array(z.unknown()).nullish() })
  .nullish();

export const chatUsage = z
  .object({
    prompt_tokens: z.int(),
    completion_tokens: z.int(),
    total_tokens: z.int(),
    cost: z.number().describe("What the account was charged, in US dollars"),
    is_byok: z.boolean(),
    prompt_tokens_details: z.object({
      cached_tokens: z.int(),
      cache_write_tokens: z.int(),
      audio_tokens: z.int(),
      video_tokens: z.int(),
    }),
    completion_tokens_details: z.object({
      reasoning_tokens: z.int(),
      image_tokens: z.int(),
      audio_tokens: z.int(),
    }),
    cost_details: z.object({
      upstream_inference_cost: z.number().nullable(),
      upstream_inference_prompt_cost: z.number(),
      upstream_inference_completions_cost: z.number(),
    }),
  })
  .meta({ id: "Usage" });

const head = { id: z.string(), created: z.int().describe("Unix seconds"), model: z.string(), provider: z.string() };

/** The whole answer to a chat completion. */
export const chatReply = z
  .object({
    ...head,
    object: z.literal("chat.completion"),
    service_tier: z.string().optional(),
    system_fingerprint: z.string().nullable(),
    choices: z.array(
      z.object({
        index: z.int(),
        finish_reason: finishReason.nullable(),
        native_finish_reason: z.string().nullable(),
        logprobs,
        message: z.object({
          ...said,
          role: z.literal("assistant"),
          tool_calls: z
            .array(
              z.object({
                id: z.string(),
                type: z.literal("function"),
                function: z.object({ name: z.string(), arguments: z.string() }),
              }),
            )
            .optional(),
        }),
      }),
    ),
    usage: chatUsage,
    openrouter_metadata: z.looseObject({}).optional().describe("With `X-OpenRouter-Metadata: enabled`"),
  })
  .meta({ id: "ChatCompletion" });

/** One event of a streamed answer; `data: [DONE]` follows the last. */
export const chatEvent = z
  .object({
    ...head,
    object: z.literal("chat.completion.chunk"),
    service_tier: z.string().optional(),
    system_fingerprint: z.string().optional(),
    choices: z.array(
      z.object({
        index: z.int(),
        finish_reason: finishReason.nullable(),
        native_finish_reason: z.string().nullish(),
        logprobs,
        delta: z.object({
          ...said,
          role: z.literal("assistant").optional(),
          tool_calls: z
            .array(
              z.object({
                index: z.int(),
                id: z.string().optional(),
                type: z.literal("function").optional(),
                function: z.object({ name: z.string().optional(), arguments: z.string().optional() }).optional(),
              }),
            )
            .optional(),
        }),
      }),
    ),
    usage: chatUsage.optional().describe("Of the last event"),
    error: z
      .object({ code: z.int(), message: z.string(), metadata: z.looseObject({ error_type: z.string() }) })
      .optional(),
    openrouter_metadata: z.looseObject({}).optional(),
  })
  .meta({ id: "ChatCompletionChunk" });
