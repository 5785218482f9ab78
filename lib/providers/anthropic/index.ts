import Anthropic from "@anthropic-ai/sdk";
import { NATIVE, type Native } from "@/lib/protocol/chat-request";
import type { Connection, ProviderAdapter, ProviderCall } from "../adapter";
import { makeAdapter } from "../dialect";
import { sendableKey } from "../sendable-key";
import { asFetch, upstreamFetch, withDeadlines } from "../upstream-fetch";
import type { UpstreamResponse } from "../upstream-response";
import { readWhole } from "./answer";
import { nativeReader, toNativeRequest } from "./native";
import { toAnthropicRequest } from "./request";
import { anthropicReader } from "./stream";

const ANTHROPIC = "https://api.anthropic.com";

export function anthropic(connection: Connection): ProviderAdapter {
  const client = new Anthropic({
    apiKey: sendableKey(connection),
    baseURL: connection.baseUrl ?? ANTHROPIC,
    fetch: asFetch(upstreamFetch),
    maxRetries: 0,
    // Longer than any deadline of ours, which says in which phase it struck.
    timeout: 3_700_000,
    logLevel: "off",
  });
  return makeAdapter(connection, {
    // Not `messages.create`, which is the same but for warnings on the console, one with each request.
    async send(call, deadlines) {
      const heard = heardIn(call);
      const body = heard ? toNativeRequest(call, heard) : toAnthropicRequest(call);
      const options = {
        body,
        headers: heard?.headers,
        stream: body.stream === true,
        signal: call.signal,
        fetchOptions: withDeadlines(deadlines),
      };
      return (await client.post("/v1/messages", options).asResponse()) as unknown as UpstreamResponse;
    },
    readWhole: (answer, call) => (heardIn(call) ? { ...readWhole(answer), native: answer } : readWhole(answer)),
    reader: (call) => (heardIn(call) ? nativeReader(anthropicReader()) : anthropicReader()),
  });
}

/** The caller's own words, where he spoke this dialect. */
function heardIn({ request }: ProviderCall): Native | undefined {
  const native = request[NATIVE];
  return native?.dialect === "anthropic" ? native : undefined;
}
