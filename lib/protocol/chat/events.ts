import { toErrorBody } from "@/lib/errors";
import type { Stamp } from "../answer";
import type { ChatChoice } from "../chat-chunk";
import type { EventWriter } from "../door";
import { toChatUsage } from "./usage";

const DONE = "data: [DONE]\n\n";

/** Writes chunks as server-sent events. What is the same on each is made into text once. */
export function chatEvents({ id, created, model, provider }: Stamp): EventWriter {
  const head = `data: ${JSON.stringify({ id, object: "chat.completion.chunk", created, model, provider }).slice(0, -1)},`;
  const event = (rest: string) => `${head}${rest}}\n\n`;
  return {
    chunk(chunk) {
      let rest = `"choices":${JSON.stringify(chunk.choices)}`;
      if (chunk.service_tier) rest += `,"service_tier":${JSON.stringify(chunk.service_tier)}`;
      if (chunk.system_fingerprint) rest += `,"system_fingerprint":${JSON.stringify(chunk.system_fingerprint)}`;
      return event(rest);
    },
    /** One choice with an empty delta, because some clients drop usage that comes without a choice. */
    end({ bill, reason, native, metadata }) {
      const choices = [
        { index: 0, delta: { role: "assistant", content: "" }, finish_reason: reason, native_finish_reason: native },
      ];
      const told = metadata ? `,"openrouter_metadata":${JSON.stringify(metadata)}` : "";
      return event(`"choices":${JSON.stringify(choices)},"usage":${JSON.stringify(toChatUsage(bill))}${told}`) + DONE;
    },
    error(error) {
      const choices: ChatChoice[] = [
        { index: 0, delta: { content: "" }, finish_reason: "error", native_finish_reason: null },
      ];
      const body = JSON.stringify(toErrorBody(error)).slice(1, -1);
      return event(`${body},"choices":${JSON.stringify(choices)}`) + DONE;
    },
  };
}
