import type { ChatChunk } from "@/lib/protocol/chat-chunk";
import type { Json } from "../dialect";
import { isObject } from "../upstream-complaint";
import { UpstreamFault } from "../upstream-fault";
import { readEnding } from "./ending";
import { tellItem } from "./item";
import { nothingToTell } from "./telling";
import { nothingTold } from "./told";

/** A response that was not streamed, as one chunk. */
export function readWhole(response: Json): ChatChunk {
  if (!Array.isArray(response.output)) throw new UpstreamFault({ kind: "malformed", what: "an answer without output" });
  const told = nothingTold();
  const telling = nothingToTell();
  telling.delta.role = "assistant";
  response.output.forEach((item, at) => {
    if (isObject(item)) tellItem(telling, told, item, at);
  });
  const ending = readEnding(response, told.calls.size > 0);
  const [choice] = ending.choices;
  if (choice) choice.delta = telling.delta;
  if (choice && telling.logprobs.length) choice.logprobs = { content: telling.logprobs };
  return ending;
}
