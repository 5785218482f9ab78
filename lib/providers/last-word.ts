import type { ChatChunk, FinishReason } from "@/lib/protocol/chat-chunk";
import { saysSomething } from "./silence";

type Ending = { finish_reason: FinishReason; native_finish_reason: string | null };

/**
 * Keeps back why a choice ended until the stream does. Upstreams say it more than once, or say more after it; a caller
 * stops listening at the first.
 */
export function lastWord() {
  const endings = new Map<number, Ending>();
  return {
    /** The chunk without its endings; undefined where it says nothing else. */
    keepBack(chunk: ChatChunk): ChatChunk | undefined {
      if (!chunk.choices.some(({ finish_reason }) => finish_reason)) return chunk;
      for (const choice of chunk.choices) {
        const { index, finish_reason, native_finish_reason } = choice;
        if (finish_reason) endings.set(index, { finish_reason, native_finish_reason });
        choice.finish_reason = null;
        choice.native_finish_reason = null;
      }
      chunk.choices = chunk.choices.filter(saysSomething);
      return chunk.choices.length || chunk.usage || chunk.native ? chunk : undefined;
    },
    /** The endings of all choices, in one chunk. */
    chunk: (): ChatChunk => ({
      choices: [...endings].map(([index, ending]) => ({ index, delta: {}, ...ending })),
    }),
  };
}
