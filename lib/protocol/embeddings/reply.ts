import { z } from "zod";
import { chatUsage } from "../chat/reply";

const { prompt_tokens, total_tokens, cost, is_byok, cost_details } = chatUsage.shape;

export const embeddingsReply = z
  .object({
    id: z.string(),
    object: z.literal("list"),
    data: z.array(
      z.object({
        object: z.literal("embedding"),
        index: z.int(),
        embedding: z.union([z.array(z.number()), z.string()]).describe("Numbers, or 32-bit floats in base64"),
      }),
    ),
    model: z.string(),
    provider: z.string(),
    usage: z.object({ prompt_tokens, total_tokens, cost, is_byok, cost_details }),
    openrouter_metadata: z.looseObject({}).optional(),
  })
  .meta({ id: "Embeddings" });
