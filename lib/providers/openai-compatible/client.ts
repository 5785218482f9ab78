import OpenAI from "openai";
import type { Connection } from "../adapter";
import { sendableKey } from "../sendable-key";
import { asFetch, upstreamFetch } from "../upstream-fetch";

const OPENAI = "https://api.openai.com/v1";

/** `genuine`: it is OpenAI itself that is asked, and no server that only speaks like it. */
export function openAiClient(connection: Connection): { client: OpenAI; genuine: boolean } {
  const baseURL = connection.baseUrl ?? OPENAI;
  const client = new OpenAI({
    apiKey: sendableKey(connection),
    baseURL,
    fetch: asFetch(upstreamFetch),
    maxRetries: 0,
    // Longer than any deadline of ours, which says in which phase it struck.
    timeout: 3_700_000,
    // Otherwise taken from the environment.
    organization: null,
    project: null,
    logLevel: "off",
  });
  return { client, genuine: isGenuine(baseURL) };
}

/** OpenAI's own servers, regional ones and Azure's. All others get `max_tokens`, which they know for longer. */
function isGenuine(baseUrl: string): boolean {
  const { hostname } = new URL(baseUrl);
  return /(^|\.)(api\.openai\.com|openai\.azure\.com)$/.test(hostname);
}
