import type { z } from "zod";
import { toErrorBody } from "@/lib/errors";
import type { Ending, Stamp } from "../answer";
import { toChatUsage } from "../chat/usage";
import type { ChatChunk, Embedding } from "../chat-chunk";
import type { Door } from "../door";
import type { EmbedWish } from "../embed-wish";
import type { embeddingsReply } from "./reply";
import { parseEmbeddingsRequest } from "./request";

/** OpenAI's embeddings, with OpenRouter's fields. */
export const embeddings: Door = {
  read(body) {
    const { request, embed } = parseEmbeddingsRequest(body);
    return { request, embed, fold: (chunks, stamp) => fold(chunks, stamp, embed), writer: neverStreamed };
  },
  errorBody: toErrorBody,
};

async function fold(chunks: AsyncIterable<ChatChunk>, { id, model, provider }: Stamp, { format }: EmbedWish) {
  let made: Embedding[] = [];
  for await (const chunk of chunks) made = chunk.embeddings ?? made;
  const data = made.map((one, index) => ({
    object: "embedding" as const,
    index,
    embedding: format === "base64" && typeof one !== "string" ? toBase64(one) : one,
  }));
  return ({ bill, metadata }: Ending): z.infer<typeof embeddingsReply> => {
    const { prompt_tokens, total_tokens, cost, is_byok, cost_details } = toChatUsage(bill);
    return {
      ...{ id, object: "list", data, model, provider },
      usage: { prompt_tokens, total_tokens, cost, is_byok, cost_details },
      ...(metadata && { openrouter_metadata: { ...metadata } }),
    };
  };
}

/** 32-bit floats, the least significant byte first, as OpenAI's clients read them. */
function toBase64(numbers: readonly number[]): string {
  const bytes = Buffer.allocUnsafe(numbers.length * 4);
  for (const [place, number] of numbers.entries()) bytes.writeFloatLE(number, place * 4);
  return bytes.toString("base64");
}

function neverStreamed(): never {
  throw new Error("embeddings are not streamed");
}
