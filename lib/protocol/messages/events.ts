import type { Ending, Stamp } from "../answer";
import type { EventWriter } from "../door";
import { noTokens } from "../token-usage";
import { blockWriter } from "./block-writer";
import { toMessagesError } from "./error-body";
import { toStop } from "./stop-reason";
import { toCost, toCounts } from "./usage";

type Json = Record<string, unknown>;

const event = (body: { type: string } & Json) => `event: ${body.type}\ndata: ${JSON.stringify(body)}\n\n`;

/**
 * Writes an answer as Anthropic does: its beginning, one block after the other, then how it ended and what it cost.
 * Events that an upstream wrote itself pass as they are, but for who answers under which id.
 */
export function messageEvents(stamp: Stamp): EventWriter {
  const blocks = blockWriter();
  const { id, model, provider } = stamp;
  let begun = false;
  /** The upstream's own last words, which have to wait for what they cost. */
  let told: Json | undefined;

  const begin = (message: Json) => {
    begun = true;
    return event({ type: "message_start", message: { ...message, id, model, provider } });
  };
  const beginWith = (usage = noTokens) => (begun ? "" : begin({ ...emptyMessage, usage: toCounts(usage) }));
  const pass = (native: Json) => {
    switch (native.type) {
      case "message_start":
        return begun ? "" : begin(native.message as Json);
      case "message_delta":
        told = { ...told, ...native };
        return "";
      case "message_stop":
        return "";
      default:
        return (begun || native.type === "ping" ? "" : beginWith()) + event(native as { type: string });
    }
  };
  const lastWords = (ending: Ending) => {
    if (told) return { ...told, usage: { ...(told.usage as Json), ...toCost(ending.bill) } };
    const usage = { ...toCounts(ending.bill.usage), ...toCost(ending.bill) };
    return { delta: toStop(ending, blocks.hasCalls()), usage };
  };

  return {
    chunk: ({ native, usage, choices }) =>
      native ? pass(native) : beginWith(usage) + blocks.add(choices).map(event).join(""),
    end(ending) {
      const rest = told ? "" : beginWith(ending.bill.usage) + blocks.close().map(event).join("");
      const { metadata } = ending;
      return (
        rest +
        event({ ...lastWords(ending), type: "message_delta" }) +
        event({ type: "message_stop", ...(metadata && { openrouter_metadata: metadata }) })
      );
    },
    error: (error) => event({ ...toMessagesError(error), request_id: id }),
  };
}

/** All that a message has, of which nothing is known yet. */
export const emptyMessage = {
  type: "message",
  role: "assistant",
  content: [],
  stop_reason: null,
  stop_sequence: null,
  stop_details: null,
  container: null,
};
