import type { Connection, ProviderAdapter, ProviderKind } from "./adapter";
import { anthropic } from "./anthropic";
import { noEmbeddings } from "./embeddings";
import { gemini } from "./gemini";
import { geminiEmbeddings } from "./gemini/embeddings";
import { openAiCompatible } from "./openai-compatible";
import { openAiEmbeddings } from "./openai-compatible/embeddings";
import { openAiResponses } from "./openai-responses";

export type { Connection, ProviderAdapter, ProviderCall, ProviderKind } from "./adapter";

const factories: Record<ProviderKind, (connection: Connection) => ProviderAdapter> = {
  openai: openAiCompatible,
  "openai-responses": openAiResponses,
  anthropic,
  google: gemini,
  "openai-embeddings": openAiEmbeddings,
  "google-embeddings": geminiEmbeddings,
  "anthropic-embeddings": noEmbeddings,
};

/** More connections than a server has; callers' own keys may be more, and then the longest unused goes. */
const MOST_KEPT = 200;
const kept = new Map<string, ProviderAdapter>();

/** The adapter for a connection, with its client made once. What is wrong with the connection, a call throws. */
export function adapterFor(connection: Connection): ProviderAdapter {
  const { kind, provider, baseUrl = "", apiKey } = connection;
  const key = JSON.stringify([kind, provider, baseUrl, apiKey]);
  const known = kept.get(key);
  if (known) {
    // Those in use stay, however many keys of callers' own come by.
    kept.delete(key);
    kept.set(key, known);
    return known;
  }
  const adapter = makeOrRefuse(connection);
  if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value as string);
  kept.set(key, adapter);
  return adapter;
}

/** So that a connection that cannot be used fails like one that does not answer, and another endpoint is tried. */
function makeOrRefuse(connection: Connection): ProviderAdapter {
  try {
    return factories[connection.kind](connection);
  } catch (error) {
    return () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) });
  }
}
