import { toErrorBody } from "@/lib/errors";
import type { Stamp } from "../answer";
import type { ChatChunk } from "../chat-chunk";
import type { Door } from "../door";
import { responsesEvents, seedOf } from "./events";
import { responseOutput } from "./output";
import { type ResponsesRequest, toChatRequest } from "./request";
import { endingOf, responseHead } from "./response";

/** OpenAI's Responses API, without what OpenAI stores for its callers. */
export const responses: Door = {
  read(json) {
    const asked = toChatRequest(json);
    return {
      request: asked.request,
      fold: (chunks, stamp) => fold(chunks, stamp, asked),
      writer: (stamp) => responsesEvents(stamp, asked),
    };
  },
  errorBody: toErrorBody,
};

async function fold(chunks: AsyncIterable<ChatChunk>, stamp: Stamp, { body, called }: ResponsesRequest) {
  const output = responseOutput(seedOf(stamp), called, () => {});
  let service_tier: string | null = null;
  for await (const chunk of chunks) {
    service_tier = chunk.service_tier ?? service_tier;
    if (chunk.native) output.hear(chunk.native);
    else output.add(chunk);
  }
  return (ending: Parameters<typeof endingOf>[0]) => {
    const ended = endingOf(ending);
    output.close(ended.status === "completed" ? "completed" : "incomplete");
    return {
      ...responseHead(stamp, body),
      output: output.items,
      service_tier,
      ...ended,
      output_text: textIn(output.items),
    };
  };
}

/** What was said, at a glance. */
const textIn = (items: readonly { content?: unknown }[]) =>
  items
    .flatMap(({ content }) => (Array.isArray(content) ? content : []))
    .map((part) => (part.type === "output_text" ? part.text : ""))
    .join("");
