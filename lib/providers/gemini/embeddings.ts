import type { Embedding } from "@/lib/protocol/chat-chunk";
import type { Connection, ProviderAdapter } from "../adapter";
import { makeEmbedder, textsOnly } from "../embeddings";
import { isObject } from "../upstream-complaint";
import { caughtAnswer, geminiClient } from "./client";
import { readUsage } from "./usage";

/** Cohere's names for a purpose, which OpenRouter's callers use, in Google's words; Google's own are passed on. */
const TASKS: Record<string, string> = {
  search_query: "RETRIEVAL_QUERY",
  search_document: "RETRIEVAL_DOCUMENT",
  query: "RETRIEVAL_QUERY",
  passage: "RETRIEVAL_DOCUMENT",
  document: "RETRIEVAL_DOCUMENT",
};

export function geminiEmbeddings(connection: Connection): ProviderAdapter {
  const client = geminiClient(connection);
  return makeEmbedder(connection, {
    send(wish, { upstreamModel, signal }, deadlines) {
      const contents = textsOnly(wish, connection);
      const { dimensions, purpose } = wish;
      return caughtAnswer(deadlines, async (fetch) => {
        const config = {
          abortSignal: signal,
          httpOptions: { fetch },
          ...(dimensions !== undefined && { outputDimensionality: dimensions }),
          ...(purpose !== undefined && { taskType: TASKS[purpose.toLowerCase()] ?? purpose.toUpperCase() }),
        };
        await client.models.embedContent({ model: upstreamModel, contents, config });
      });
    },
    read: ({ embeddings, usageMetadata }) => ({
      embeddings: readEmbeddings(embeddings),
      usage: readUsage(usageMetadata),
    }),
  });
}

const readEmbeddings = (list: unknown): (Embedding | undefined)[] =>
  Array.isArray(list) ? list.map((one) => (isObject(one) && Array.isArray(one.values) ? one.values : undefined)) : [];
