import { processWide } from "@/lib/process-wide";

/** Answers that go on though their callers' connections are lost; those of callers who came before them go on. */
const MOST_AT_ONCE = 256;
const LONGEST_MS = 10 * 60_000;

const lost = () => processWide("lost-callers", () => ({ count: 0 }));

/**
 * The signal for an answer that is kept: its caller's going away does not end it, for he, or who asks again, comes for
 * the rest. Within bounds: for ten minutes, and where too many go on already it ends like any other.
 */
export function goOn(caller: AbortSignal): { signal: AbortSignal; release: () => void } {
  const state = lost();
  const own = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const leave = () => {
    if (state.count >= MOST_AT_ONCE) return own.abort(caller.reason);
    state.count++;
    timer = setTimeout(() => own.abort(caller.reason), LONGEST_MS);
  };
  const release = () => {
    caller.removeEventListener("abort", leave);
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    state.count--;
  };
  if (caller.aborted) leave();
  else caller.addEventListener("abort", leave, { once: true });
  return { signal: own.signal, release };
}
