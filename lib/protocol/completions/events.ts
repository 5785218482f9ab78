import { toErrorBody } from "@/lib/errors";
import type { Stamp } from "../answer";
import { toChatUsage } from "../chat/usage";
import type { EventWriter } from "../door";
import { toLogprobs } from "./logprobs";
import type { CompletionsRequest } from "./request";

const DONE = "data: [DONE]\n\n";

export function completionsEvents({ id, created, model, provider }: Stamp, { echo }: CompletionsRequest): EventWriter {
  const event = (rest: object) =>
    `data: ${JSON.stringify({ id, object: "text_completion", created, model, provider, ...rest })}\n\n`;
  /** Characters of each choice that are out. */
  const written = new Map<number, number>();
  return {
    chunk({ choices }) {
      const told = choices.map(({ index, delta, finish_reason, native_finish_reason, logprobs }) => {
        const before = written.get(index);
        const text = (before === undefined ? echo : "") + (delta.content ?? "");
        written.set(index, (before ?? 0) + text.length);
        return {
          ...{ index, text, finish_reason, native_finish_reason },
          logprobs: toLogprobs(logprobs, before ?? echo.length),
          ...(delta.reasoning && { reasoning: delta.reasoning }),
        };
      });
      return event({ choices: told });
    },
    end({ bill, reason, native, metadata }) {
      const choices = [{ index: 0, text: "", finish_reason: reason, native_finish_reason: native, logprobs: null }];
      const told = metadata && { openrouter_metadata: metadata };
      return event({ choices, usage: toChatUsage(bill), ...told }) + DONE;
    },
    error(error) {
      const choices = [{ index: 0, text: "", finish_reason: "error", native_finish_reason: null, logprobs: null }];
      return event({ ...toErrorBody(error), choices }) + DONE;
    },
  };
}
