import type { PipelineStep } from "@/db/schema";
import type { ChatChunk } from "@/lib/protocol/chat-chunk";
import { healedJson } from "@/lib/protocol/heal-json";

/** A whole answer whose JSON is mended where it is broken: each choice says all of its text at once, where it began to. */
export async function* healedAnswer(
  chunks: AsyncIterable<ChatChunk>,
  note: (step: PipelineStep) => void,
): AsyncGenerator<ChatChunk> {
  const all: ChatChunk[] = [];
  const texts = new Map<number, string>();
  for await (const chunk of chunks) {
    all.push(chunk);
    for (const { index, delta } of chunk.choices)
      if (delta.content) texts.set(index, (texts.get(index) ?? "") + delta.content);
  }
  const healed = new Map(
    [...texts].flatMap(([index, text]) => {
      const json = healedJson(text);
      return json === undefined ? [] : [[index, json] as const];
    }),
  );
  if (healed.size > 0) note(step(healed.size));
  const left = new Map(healed);
  const withHealed = (choice: ChatChunk["choices"][number]) => {
    if (!healed.has(choice.index) || !choice.delta.content) return choice;
    const content = left.get(choice.index) ?? "";
    left.delete(choice.index);
    return { ...choice, delta: { ...choice.delta, content } };
  };
  for (const chunk of all) yield { ...chunk, choices: chunk.choices.map(withHealed) };
}

const step = (choices: number): PipelineStep => ({
  type: "response_healing",
  name: "response-healing",
  summary: "The answer was not valid JSON, and was mended.",
  data: { choices_mended: choices },
});
