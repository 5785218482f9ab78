import { z } from "zod";
import { chatUsage } from "../chat/reply";

const logprobs = z.object({
  tokens: z.array(z.string()),
  token_logprobs: z.array(z.number()),
  top_logprobs: z.array(z.record(z.string(), z.number())),
  text_offset: z.array(z.int()),
});

/** An answer, or a piece of one: a stream has the same shape. */
export const completionsReply = z
  .object({
    id: z.string(),
    object: z.literal("text_completion"),
    created: z.int().describe("Unix seconds"),
    model: z.string(),
    provider: z.string(),
    system_fingerprint: z.string().nullish(),
    choices: z.array(
      z.object({
        index: z.int(),
        text: z.string(),
        finish_reason: z.string().nullable(),
        native_finish_reason: z.string().nullable(),
        logprobs: logprobs.nullable(),
        reasoning: z.string().optional(),
      }),
    ),
    usage: chatUsage.optional(),
    openrouter_metadata: z.looseObject({}).optional(),
  })
  .meta({ id: "TextCompletion" });
