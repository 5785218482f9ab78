import type { Stamp } from "../answer";
import type { EventWriter } from "../door";
import { responseOutput } from "./output";
import type { ResponsesRequest } from "./request";
import { endingOf, failureOf, responseHead } from "./response";

const DONE = "data: [DONE]\n\n";

/** Writes an answer as the events of this API, each with its number. */
export function responsesEvents(stamp: Stamp, { body, called }: ResponsesRequest): EventWriter {
  const head = responseHead(stamp, body);
  let written = "";
  let number = 0;
  const emit = (type: string, fields: object) => {
    written += `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: number++, ...fields })}\n\n`;
  };
  const output = responseOutput(seedOf(stamp), called, emit);
  let tier: string | null = null;

  const response = (ending: object) => ({ ...head, output: output.items, service_tier: tier, ...ending });
  const begin = () => {
    if (number > 0) return;
    const begun = { ...head, status: "in_progress" };
    emit("response.created", { response: begun });
    emit("response.in_progress", { response: begun });
  };
  const taken = () => {
    const text = written;
    written = "";
    return text;
  };
  const end = (ending: { status: string }) => {
    emit(`response.${ending.status}`, { response: response(ending) });
    return taken() + DONE;
  };

  return {
    chunk(chunk) {
      begin();
      tier = chunk.service_tier ?? tier;
      if (chunk.native) output.hear(chunk.native);
      else output.add(chunk);
      return taken();
    },
    end(ending) {
      begin();
      const ended = endingOf(ending);
      output.close(ended.status === "completed" ? "completed" : "incomplete");
      return end(ended);
    },
    error(error) {
      begin();
      return end(failureOf(error));
    },
  };
}

/** The part of a generation's id that is its own. */
export const seedOf = ({ id }: Stamp) => `${id.slice(id.lastIndexOf("-") + 1)}_`;
