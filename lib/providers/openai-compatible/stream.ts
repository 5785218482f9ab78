import type { ChatChoice } from "@/lib/protocol/chat-chunk";
import type { AnswerReader } from "../dialect";
import { saysSomething } from "../silence";
import { readChunk } from "./answer";

export function openAiReader(): AnswerReader {
  const begun = new Set<number>();
  const spoken = new Set<number>();
  const done = new Set<number>();
  const note = (choice: ChatChoice) => {
    const { index, finish_reason, delta } = choice;
    begun.add(index);
    if (finish_reason) done.add(index);
    // Its role came with a chunk that said nothing else, which many servers send before they have begun to work.
    if (spoken.has(index) || !saysSomething(choice)) return;
    spoken.add(index);
    delta.role = "assistant";
  };
  return {
    read(event) {
      const chunk = readChunk(event, "delta");
      chunk.choices.forEach(note);
      if (!chunk.choices.every(saysSomething)) chunk.choices = chunk.choices.filter(saysSomething);
      return chunk.choices.length || chunk.usage ? chunk : undefined;
    },
    finished: () => done.size > 0 && done.size === begun.size,
  };
}
