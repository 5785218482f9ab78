import type { Connection, ProviderAdapter } from "../adapter";
import { deadlinesOf } from "../deadlines";
import { makeAdapter } from "../dialect";
import { openAiClient } from "../openai-compatible/client";
import { withDeadlines } from "../upstream-fetch";
import type { UpstreamResponse } from "../upstream-response";
import { readWhole } from "./answer";
import { refuseFailedText } from "./ending";
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
