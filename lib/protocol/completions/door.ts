import { toErrorBody } from "@/lib/errors";
import type { Ending, Stamp } from "../answer";
import { toChatUsage } from "../chat/usage";
import type { ChatChunk } from "../chat-chunk";
import { collect } from "../collect";
import type { Door } from "../door";
import { completionsEvents } from "./events";
import { toLogprobs } from "./logprobs";
import { type CompletionsRequest, toChatRequest } from "./request";

/** OpenAI's completions from before there was chat. */
export const completions: Door = {
  read(json) {
    const asked = toChatRequest(json);
    return {
      request: asked.request,
      fold: (chunks, stamp) => fold(chunks, stamp, asked),
      writer: (stamp) => completionsEvents(stamp, asked),
    };
  },
  errorBody: toErrorBody,
};

async function fold(
  chunks: AsyncIterable<ChatChunk>,
  { id, created, model, provider }: Stamp,
  { echo }: CompletionsRequest,
) {
  const { choices, system_fingerprint } = await collect(chunks);
  const told = choices.map(({ index, message, finish_reason, native_finish_reason, logprobs }) => ({
    ...{ index, text: echo + (message.content ?? ""), finish_reason, native_finish_reason },
    logprobs: toLogprobs(logprobs, echo.length),
    ...(message.reasoning && { reasoning: message.reasoning }),
  }));
  return ({ bill, metadata }: Ending) => ({
    ...{ id, object: "text_completion", created, model, provider, system_fingerprint, choices: told },
    usage: toChatUsage(bill),
    ...(metadata && { openrouter_metadata: metadata }),
  });
}
