import type { Connection, ProviderAdapter, ProviderCall } from "../adapter";
import { type Dialect, makeAdapter } from "../dialect";
import { withDeadlines } from "../upstream-fetch";
import type { UpstreamResponse } from "../upstream-response";
import { readWhole } from "./answer";
import { openAiClient } from "./client";
import { toOpenAiRequest } from "./request";
import { openAiReader } from "./stream";

/** OpenAI itself, and every server that speaks its chat completions. */
export function openAiCompatible(connection: Connection): ProviderAdapter {
  const { client, genuine } = openAiClient(connection);
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
