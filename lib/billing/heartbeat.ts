import { beatHolds, expireHolds } from "@/db/queries/holds";
import { log } from "@/lib/log";
import type { Nanos } from "@/lib/money";
import { processWide } from "@/lib/process-wide";

const BEAT_MS = 15_000;

/** A running generation: what it would be charged if nobody settled it, and its log row as far as it is known. */
export type Running = { id: string; checkpoint: () => { cost: Nanos; progress: Record<string, unknown> } };

type Heart = { running: Map<string, Running>; timer?: NodeJS.Timeout; sweptAt: number };

const heart = () => processWide<Heart>("heartbeat", () => ({ running: new Map(), sweptAt: Number.NEGATIVE_INFINITY }));

/** Keeps the hold of a running generation alive. One statement per process and beat, however many run. */
export function keepAlive(generation: Running): void {
  const state = heart();
  state.running.set(generation.id, generation);
  state.timer ??= setInterval(() => void beat(state), BEAT_MS).unref();
}

export const letGo = (id: string) => void heart().running.delete(id);

export const runningGenerations = () => heart().running.size;

/**
 * Ends holds whose time is over, at most every 15 s a process. Called by a timer and, because some platforms keep no
 * process alive between requests, after answers too.
 */
export async function sweepHolds(): Promise<void> {
  const state = heart();
  if (performance.now() - state.sweptAt < BEAT_MS - 1_000) return;
  state.sweptAt = performance.now();
  try {
    const ended = await expireHolds(500);
    if (ended > 0) log().warn({ holds: ended }, "holds expired: each was charged its last checkpoint");
  } catch (error) {
    log().warn({ err: error }, "expired holds could not be swept; the next sweep will");
  }
}

async function beat({ running }: Heart) {
  if (running.size === 0) return;
  const items = [...running.values()].map(({ id, checkpoint }) => {
    const { cost, progress } = checkpoint();
    return { id, checkpoint: cost, progress };
  });
  try {
    const gone = await beatHolds(items);
    for (const id of gone) {
      running.delete(id);
      log().warn(
        { generation: id },
        "the hold of a running generation is gone: what it still generates is settled late",
      );
    }
  } catch (error) {
    log().warn({ err: error }, "the heartbeat was missed; holds live for several more");
  }
}
