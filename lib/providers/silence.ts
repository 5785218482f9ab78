import type { ChatChoice } from "@/lib/protocol/chat-chunk";

/**
 * Whether a piece of an answer tells the caller anything. One that does not would pass for the first word, after which
 * no other endpoint can be tried.
 */
export function saysSomething({ delta, finish_reason, logprobs }: ChatChoice): boolean {
  if (finish_reason || delta.content || logprobs) return true;
  for (const name in delta) {
    if (name !== "role" && name !== "content" && delta[name as keyof typeof delta]) return true;
  }
  return false;
}
