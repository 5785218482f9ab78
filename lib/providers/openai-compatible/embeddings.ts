import type { EmbeddingCreateParams } from "openai/resources/embeddings";
import type { Embedding } from "@/lib/protocol/chat-chunk";
import type { EmbedWish } from "@/lib/protocol/embed-wish";
import type { Connection, ProviderAdapter } from "../adapter";
import { makeEmbedder } from "../embeddings";
import { isObject } from "../upstream-complaint";
import { withDeadlines } from "../upstream-fetch";
import type { UpstreamResponse } from "../upstream-response";
import { openAiClient } from "./client";
import { readUsage } from "./usage";

/** OpenAI itself, and every server that speaks its embeddings. */
export function openAiEmbeddings(connection: Connection): ProviderAdapter {
  const { client, genuine } = openAiClient(connection);
  return makeEmbedder(connection, {
    async send(wish, { upstreamModel, signal }, deadlines) {
      const options = { signal, fetchOptions: withDeadlines(deadlines) };
      const body = { model: upstreamModel, ...toBody(wish, genuine) };
      return (await client.embeddings.create(body, options).asResponse()) as unknown as UpstreamResponse;
    },
    read: ({ data, usage }) => ({ embeddings: readData(data), usage: readUsage(usage) }),
  });
}

/** Not every server knows base64. */
function toBody({ inputs, dimensions, purpose, format }: EmbedWish, genuine: boolean) {
  return {
    input: inputs as EmbeddingCreateParams["input"],
    encoding_format: genuine ? format : ("float" as const),
    ...(dimensions !== undefined && { dimensions }),
    ...(purpose !== undefined && { input_type: purpose }),
  };
}

/** In the order of the inputs, whichever order they come in. */
function readData(data: unknown): (Embedding | undefined)[] {
  if (!Array.isArray(data)) return [];
  const embeddings: (Embedding | undefined)[] = [];
  for (const [place, one] of data.entries()) {
    if (!isObject(one)) continue;
    const { index, embedding } = one;
    const at = typeof index === "number" && index < data.length ? index : place;
    if (typeof embedding === "string" || Array.isArray(embedding)) embeddings[at] = embedding;
  }
  return embeddings;
}
