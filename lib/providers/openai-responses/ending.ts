import { type ChatChunk, type FinishReason, finishChunk } from "@/lib/protocol/chat-chunk";
import type { Json } from "../dialect";
import { readUsage } from "../openai-compatible/usage";
import { isObject } from "../upstream-complaint";
import { UpstreamFault } from "../upstream-fault";

/**
 * Why a response ended, what it used and who served it, as the last chunk.
 *
 * @throws UpstreamFault for a response that failed, or did not end.
 */
export function readEnding(response: Json, calledTools: boolean): ChatChunk {
  if (response.status === "failed") throw failed(response.error);
  if (unfinished.has(response.status)) throw new UpstreamFault({ kind: "malformed", what: "an unfinished answer" });
  const chunk = finishChunk(...finishOf(response, calledTools));
  const usage = isObject(response.usage) ? readUsage(toChatUsage(response.usage)) : undefined;
  if (usage) chunk.usage = usage;
  if (typeof response.service_tier === "string") chunk.service_tier = response.service_tier;
  return chunk;
}

const unfinished: ReadonlySet<unknown> = new Set(["in_progress", "queued", "cancelled"]);

function finishOf({ status, incomplete_details: details }: Json, calledTools: boolean): [FinishReason, string] {
  const reason = isObject(details) && typeof details.reason === "string" ? details.reason : undefined;
  if (reason === "content_filter") return ["content_filter", reason];
  if (reason || status === "incomplete") return ["length", reason ?? "incomplete"];
  return [calledTools ? "tool_calls" : "stop", "completed"];
}

/** The same counts as in chat completions, by other names. */
const toChatUsage = (usage: Json): Json => ({
  prompt_tokens: usage.input_tokens,
  prompt_tokens_details: usage.input_tokens_details,
  completion_tokens: usage.output_tokens,
  completion_tokens_details: usage.output_tokens_details,
  total_tokens: usage.total_tokens,
});

/** Codes of this API alone that say what is wrong with the request; the others are known to every dialect. */
const CALLERS_FAULT = /image|policy|^invalid_prompt$|^data_residency/;

/** The fault for the `error` of a response, or for an event of that name. */
export function failed(error: unknown): UpstreamFault {
  const code = isObject(error) ? error.code : undefined;
  const status = typeof code === "string" && CALLERS_FAULT.test(code) ? { status: 400 } : {};
  return new UpstreamFault({ kind: "reported", error: { error, ...status } });
}

/**
 * The text of an answer that was not streamed, if it did not fail: such a failure has the status of a success.
 *
 * @throws UpstreamFault for what the provider says of the failure.
 */
export function refuseFailedText(text: string): string {
  // Inside of a JSON string these quotes would be escaped, so no words of the model look like this.
  const response: unknown = /"status"\s*:\s*"failed"/.test(text) ? tryParse(text) : undefined;
  if (isObject(response) && response.status === "failed") throw failed(response.error);
  return text;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
