import OpenAI from "openai";
import type { Connection, ProviderAdapter, ProviderCall } from "../adapter";
import { type Dialect, makeAdapter } from "../dialect";
import { sendableKey } from "../sendable-key";
import { asFetch, upstreamFetch, withDeadlines } from "../upstream-fetch";
import type { UpstreamResponse } from "../upstream-response";
import { readWhole } from "./answer";
import { toOpenAiRequest } from "./request";
import { openAiReader } from "./stream";

const OPENAI = "https://api.openai.com/v1";

/** OpenAI itself, and every server that speaks its chat completions. */
export function openAiCompatible(connection: Connection): ProviderAdapter {
  const baseURL = connection.baseUrl ?? OPENAI;
  const client = new OpenAI({
    apiKey: sendableKey(connection),
    baseURL,
    fetch: asFetch(upstreamFetch),
    maxRetries: 0,
    // Longer than any deadline of ours, which says in which phase it struck.
    timeout: 900_000,
    // Otherwise taken from the environment.
    organization: null,
    project: null,
    logLevel: "off",
  });
  const genuine = isGenuine(baseURL);
  const dialect: Dialect = {
    async send(call: ProviderCall, deadlines) {
      const body = toOpenAiRequest(call, genuine);
      const options = { signal: call.signal, fetchOptions: withDeadlines(deadlines) };
      return (await client.chat.completions.create(body, options).asResponse()) as unknown as UpstreamResponse;
    },
    readWhole,
    reader: openAiReader,
    sendsMedia: ({ upstreamModel }) => upstreamModel.includes("image"),
  };
  return makeAdapter(connection, dialect);
}

/** OpenAI's own servers, regional ones and Azure's. All others get `max_tokens`, which they know for longer. */
function isGenuine(baseUrl: string): boolean {
  const { hostname } = new URL(baseUrl);
  return /(^|\.)(api\.openai\.com|openai\.azure\.com)$/.test(hostname);
}
