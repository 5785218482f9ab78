import type { Connection, ProviderAdapter } from "../adapter";
import { deadlinesOf } from "../deadlines";
import { makeAdapter } from "../dialect";
import { openAiClient } from "../openai-compatible/client";
import { withDeadlines } from "../upstream-fetch";
import type { UpstreamResponse } from "../upstream-response";
import { readWhole } from "./answer";
import { refuseFailedText } from "./ending";
import { heardIn, nativeReader, toNativeRequest } from "./native";
import { mayThink } from "./reasoning-wish";
import { toResponsesRequest } from "./request";
import { responsesReader } from "./stream";

/** OpenAI's Responses API: the one in which its models call tools while they reason, and show what they thought. */
export function openAiResponses(connection: Connection): ProviderAdapter {
  const { client } = openAiClient(connection);
  return makeAdapter(connection, {
    async send(call) {
      // These models think by habit, in silence where no summary was asked for.
      const deadlines = deadlinesOf({ ...call, mayThink: mayThink(call) });
      const options = { signal: call.signal, fetchOptions: withDeadlines(deadlines) };
      const heard = heardIn(call);
      const body = heard ? toNativeRequest(call, heard) : toResponsesRequest(call);
      const sent = client.responses.create(body, options).asResponse();
      const response = (await sent) as unknown as UpstreamResponse;
      return call.request.stream
        ? response
        : { ...response, text: async () => refuseFailedText(await response.text()) };
    },
    readWhole: (answer, call) => (heardIn(call) ? { ...readWhole(answer), native: answer } : readWhole(answer)),
    reader: (call) => (heardIn(call) ? nativeReader(responsesReader()) : responsesReader()),
    // The last event repeats the whole answer, with all that was thought in it.
    sendsMedia: () => true,
  });
}
