import type { AnswerReader } from "../dialect";
import { readChunk } from "./answer";

export function openAiReader(): AnswerReader {
  const begun = new Set<number>();
  const done = new Set<number>();
  return {
    read(event) {
      const chunk = readChunk(event, "delta");
      for (const { index, finish_reason } of chunk.choices) {
        begun.add(index);
        if (finish_reason) done.add(index);
      }
      return chunk.choices.length || chunk.usage ? chunk : undefined;
    },
    finished: () => done.size > 0 && done.size === begun.size,
  };
}
