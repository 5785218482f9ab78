import { processWide } from "@/lib/process-wide";
import type { Answer } from "./first-answer";
import type { Generation } from "./generation";

/** Answers that are read to their end though nobody waits for them; those of callers who came before them go on. */
const MOST_AT_ONCE = 64;
const LONGEST_MS = 2 * 60_000;

const unheard = () => processWide("unheard-answers", () => ({ count: 0 }));

/** Whether one more answer may be read for nobody. */
export const mayHearOut = (): boolean => unheard().count < MOST_AT_ONCE;

/**
 * Reads an answer to its end for the sake of its count: a provider that bills on when it is left charges for the whole,
 * and only its own count is exact. Never rejects; ends the generation.
 *
 * @param abort ends the upstream's work, when it takes too long
 */
export async function hearOut(answer: Promise<Answer>, generation: Generation, abort: () => void): Promise<void> {
  const state = unheard();
  state.count++;
  const timer = setTimeout(abort, LONGEST_MS);
  let watch: Answer["watch"] | undefined;
  try {
    const { rest, watch: watching } = await answer;
    watch = watching;
    for (let step = await rest.next(); !step.done; step = await rest.next()) generation.note(step.value);
  } catch {
    // What came until then is what is counted.
  } finally {
    state.count--;
    clearTimeout(timer);
    watch?.stop();
    await generation.end("cancelled");
  }
}
