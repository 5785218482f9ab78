import { ProviderError } from "@/lib/errors";
import type { Trial } from "@/lib/health/endpoint-health";
import type { ChatChunk } from "@/lib/protocol/chat-chunk";
import type { Deadlines } from "@/lib/providers/deadlines";
import type { Stop } from "./plan-route";
import { type SilenceWatch, watchSilence } from "./watch-silence";

/** What was read of it to know that it answers, and the rest. Whoever reads on tells the watch of it, and stops it. */
export type Answer = { endpoint: Stop; opening: ChatChunk[]; rest: AsyncIterator<ChatChunk>; watch: SilenceWatch };

/** How a call of an endpoint went, until its first word. */
export type Outcome = { stop: Stop; ms: number } & ({ answer: Answer } | { error: ProviderError });

export type Call = {
  /** Rejects only with what is no upstream's doing: the caller hung up, or a fault of our own. */
  outcome: Promise<Outcome>;
  /** Ends it, whatever it has said: it is not wanted any more. */
  abandon: () => void;
};

export type Calling = {
  open: (stop: Stop, signal: AbortSignal) => AsyncIterable<ChatChunk>;
  deadlines: (stop: Stop) => Deadlines;
  /** Whether the first word of an answer comes before its last. */
  streamed: boolean;
  /** Ends every call at once. */
  signal: AbortSignal;
};

/** Calls one endpoint, with an end of its own, and tells its health or the caller's key how that went. */
export function callEndpoint(stop: Stop, trial: Trial, { open, deadlines, streamed, signal }: Calling): Call {
  const startedAt = performance.now();
  const ms = () => performance.now() - startedAt;
  const call = new AbortController();
  const end = () => call.abort(signal.reason);
  const watch = watchSilence(deadlines(stop), stop.provider.name, (reason) => call.abort(reason));
  const stopWatching = () => {
    watch.stop();
    signal.removeEventListener("abort", end);
  };
  if (signal.aborted) end();
  else signal.addEventListener("abort", end, { once: true });

  const untilItSpeaks = async (): Promise<Outcome> => {
    try {
      const rest = open(stop, call.signal)[Symbol.asyncIterator]();
      const opening = await untilFirstWord(rest);
      watch.heard();
      trial.answered(streamed ? ms() : undefined);
      return { stop, ms: ms(), answer: { endpoint: stop, opening, rest, watch: { ...watch, stop: stopWatching } } };
    } catch (error) {
      stopWatching();
      if (!(error instanceof ProviderError)) {
        trial.dropped();
        throw error;
      }
      trial.failed(error);
      return { stop, ms: ms(), error };
    }
  };
  const outcome = untilItSpeaks();
  return {
    outcome,
    abandon() {
      outcome.catch(() => {});
      stopWatching();
      call.abort(new Error("another endpoint was faster"));
    },
  };
}

/** An upstream may tell its usage before it says a word, and may still die in between. */
async function untilFirstWord(iterator: AsyncIterator<ChatChunk>): Promise<ChatChunk[]> {
  const opening: ChatChunk[] = [];
  for (;;) {
    const step = await iterator.next();
    if (step.done) return opening;
    opening.push(step.value);
    if (step.value.choices.length > 0) return opening;
  }
}
