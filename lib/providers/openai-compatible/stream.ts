import type { ChatChoice } from "@/lib/protocol/chat-chunk";
import type { AnswerReader } from "../dialect";
import { saysSomething } from "../silence";
import { readChunk } from "./answer";
import { readToolCalls, type ToolCalls } from "./tool-calls";

export function openAiReader(): AnswerReader {
  const calls = new Map<number, ToolCalls>();
  const spoken = new Set<number>();
  const done = new Set<number>();
  const callsOf = (index: number) => {
    const known = calls.get(index) ?? readToolCalls();
    calls.set(index, known);
    return known;
  };
  const note = (choice: ChatChoice) => {
    const { index, finish_reason, delta } = choice;
    if (finish_reason) done.add(index);
    // Its role came with a chunk that said nothing else, which many servers send before they have begun to work.
    if (spoken.has(index) || !saysSomething(choice)) return;
    spoken.add(index);
    delta.role = "assistant";
  };
  return {
    read(event) {
      const chunk = readChunk(event, "delta", callsOf);
      chunk.choices.forEach(note);
      if (!chunk.choices.every(saysSomething)) chunk.choices = chunk.choices.filter(saysSomething);
      return chunk.choices.length || chunk.usage ? chunk : undefined;
    },
    finished: () => done.size > 0 && done.size === calls.size,
  };
}
