import OpenAI from "openai";
import type { Connection, ProviderAdapter } from "../adapter";
import { deadlinesOf } from "../deadlines";
import { makeAdapter } from "../dialect";
import { sendableKey } from "../sendable-key";
import { asFetch, upstreamFetch, withDeadlines } from "../upstream-fetch";
import type { UpstreamResponse } from "../upstream-response";
import { readWhole } from "./answer";
import { refuseFailedText } from "./ending";
import { mayThink } from "./reasoning-wish";
import { toResponsesRequest } from "./request";
import { responsesReader } from "./stream";

const OPENAI = "https://api.openai.com/v1";

/** OpenAI's Responses API: the one in which its models call tools while they reason, and show what they thought. */
export function openAiResponses(connection: Connection): ProviderAdapter {
  const client = new OpenAI({
    apiKey: sendableKey(connection),
    baseURL: connection.baseUrl ?? OPENAI,
    fetch: asFetch(upstreamFetch),
    maxRetries: 0,
    // Longer than any deadline of ours, which says in which phase it struck.
    timeout: 900_000,
    // Otherwise taken from the environment.
    organization: null,
    project: null,
    logLevel: "off",
  });
  return makeAdapter(connection, {
    async send(call) {
      // These models think by habit, in silence where no summary was asked for.
      const deadlines = deadlinesOf({ ...call, mayThink: mayThink(call) });
      const options = { signal: call.signal, fetchOptions: withDeadlines(deadlines) };
      const sent = client.responses.create(toResponsesRequest(call), options).asResponse();
      const response = (await sent) as unknown as UpstreamResponse;
      return call.request.stream
        ? response
        : { ...response, text: async () => refuseFailedText(await response.text()) };
    },
    readWhole,
    reader: responsesReader,
    // The last event repeats the whole answer, with all that was thought in it.
    sendsMedia: () => true,
  });
}
