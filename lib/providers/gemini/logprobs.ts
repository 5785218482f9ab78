import type { ChatChoice } from "@/lib/protocol/chat-chunk";
import { isObject } from "../upstream-complaint";

/** Gemini's log probabilities in OpenAI's form; undefined where it told none. */
export function readLogprobs(result: unknown): ChatChoice["logprobs"] | undefined {
  if (!isObject(result) || !Array.isArray(result.chosenCandidates)) return undefined;
  const tops = Array.isArray(result.topCandidates) ? result.topCandidates : [];
  const content = result.chosenCandidates.map((chosen, at) => {
    const top: unknown = tops[at];
    const candidates = isObject(top) && Array.isArray(top.candidates) ? top.candidates : [];
    return { ...toToken(chosen), top_logprobs: candidates.map(toToken) };
  });
  return content.length ? { content, refusal: null } : undefined;
}

function toToken(candidate: unknown) {
  const { token, logProbability }: Record<string, unknown> = isObject(candidate) ? candidate : {};
  const text = typeof token === "string" ? token : "";
  return {
    token: text,
    logprob: typeof logProbability === "number" ? logProbability : 0,
    bytes: [...Buffer.from(text)],
  };
}
