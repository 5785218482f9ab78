import { z } from "zod";

const count = z.int().nullish();

const usage = z
  .looseObject({
    input_tokens: z.int(),
    output_tokens: z.int(),
    cache_creation_input_tokens: count,
    cache_read_input_tokens: count,
    cost: z.number().describe("What the account was charged, in US dollars"),
    is_byok: z.boolean(),
    cost_details: z.object({
      upstream_inference_cost: z.number().nullable(),
      upstream_inference_prompt_cost: z.number(),
      upstream_inference_completions_cost: z.number(),
    }),
  })
  .meta({ id: "MessageUsage" });

const metadata = z.looseObject({}).optional().describe("With `X-OpenRouter-Metadata: enabled`");

/** The whole answer; of Claude's own, all that Anthropic says in it. */
export const messagesReply = z
  .looseObject({
    id: z.string(),
    type: z.literal("message"),
    role: z.literal("assistant"),
    model: z.string(),
    provider: z.string(),
    content: z.array(z.looseObject({ type: z.string() })),
    stop_reason: z.string().nullable(),
    stop_sequence: z.string().nullable(),
    usage,
    openrouter_metadata: metadata,
  })
  .meta({ id: "Message" });

/** One event of a streamed answer, with its type as the event's name too. */
export const messagesEvent = z
  .looseObject({
    type: z
      .string()
      .describe(
        "`message_start`, then for each block `content_block_start`, `content_block_delta` and `content_block_stop`, at last `message_delta` with the usage and `message_stop`; `ping` at any time, and `error` in place of the rest",
      ),
  })
  .meta({ id: "MessageEvent" });

export const messagesFailure = z
  .looseObject({
    type: z.literal("error"),
    error: z.object({ type: z.string(), message: z.string(), error_type: z.string() }),
    request_id: z.string().nullable(),
  })
  .meta({ id: "MessageError" });

export const tokenCount = z.object({ input_tokens: z.int() }).meta({ id: "TokenCount" });
