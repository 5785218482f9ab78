import { z } from "zod";

const status = z.enum(["in_progress", "completed", "incomplete", "failed"]);

const usage = z
  .object({
    input_tokens: z.int(),
    input_tokens_details: z.object({ cached_tokens: z.int(), cache_write_tokens: z.int() }),
    output_tokens: z.int(),
    output_tokens_details: z.object({ reasoning_tokens: z.int() }),
    total_tokens: z.int(),
    cost: z.number().describe("What the account was charged, in US dollars"),
    is_byok: z.boolean(),
    cost_details: z.object({
      upstream_inference_cost: z.number().nullable(),
      upstream_inference_input_cost: z.number(),
      upstream_inference_output_cost: z.number(),
    }),
  })
  .meta({ id: "ResponseUsage" });

const item = z.looseObject({ type: z.string(), id: z.string(), status: z.string().optional() });

/** A response, whole; what the request asked for is repeated in it. */
export const responsesReply = z
  .looseObject({
    id: z.string(),
    object: z.literal("response"),
    created_at: z.int().describe("Unix seconds"),
    completed_at: z.int().nullable(),
    status,
    model: z.string(),
    provider: z.string(),
    output: z.array(item),
    output_text: z.string().optional(),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    incomplete_details: z.object({ reason: z.enum(["max_output_tokens", "content_filter"]) }).nullable(),
    usage: usage.nullable(),
    openrouter_metadata: z.looseObject({}).optional(),
  })
  .meta({ id: "Response" });

/** An event of the stream: the first two and the last carry the response, the others a piece of an item of it. */
export const responsesEvent = z
  .looseObject({
    type: z.string(),
    sequence_number: z.int(),
    response: responsesReply.optional(),
    output_index: z.int().optional(),
    item_id: z.string().optional(),
    item: item.optional(),
    delta: z.string().optional(),
  })
  .meta({ id: "ResponseEvent" });
