import type { Deadlines } from "@/lib/providers/deadlines";
import { lateness } from "@/lib/providers/failure";

/** Minds that an endpoint says something, and goes on to. A caller who takes his time to read is not its silence. */
export type SilenceWatch = {
  /** Now it is waited for. */
  listen: () => void;
  /** It said something. */
  heard: () => void;
  stop: () => void;
};

/**
 * An upstream that sends comments and says nothing keeps its connection busy for ever: so long a multiple of the usual
 * silence it is given between two words. A connection on which nothing comes at all ends sooner, by itself.
 */
const WITH_SIGNS_OF_LIFE = 2;

/**
 * Ends a call with the deadline that passed: until its first word, and then between words. One timer a call, however
 * many words: it looks since when the endpoint is waited for, and sleeps for the rest.
 */
export function watchSilence(
  { firstToken, idle }: Pick<Deadlines, "firstToken" | "idle">,
  provider: string,
  end: (reason: Error) => void,
): SilenceWatch {
  let since = performance.now();
  let listening = true;
  let spoken = false;
  let asleep = false;
  let timer: NodeJS.Timeout;
  const most = () => (spoken ? idle * WITH_SIGNS_OF_LIFE : firstToken);
  const look = () => {
    // Who never listens again leaves no timer behind.
    if (!listening) {
      asleep = true;
      return;
    }
    const left = since + most() - performance.now();
    if (left > 1) timer = setTimeout(look, left);
    else end(lateness(provider, spoken ? "idle" : "first_token", most()));
  };
  timer = setTimeout(look, most());
  return {
    listen() {
      since = performance.now();
      listening = true;
      if (!asleep) return;
      asleep = false;
      timer = setTimeout(look, most());
    },
    heard() {
      listening = false;
      if (spoken) return;
      spoken = true;
      clearTimeout(timer);
      timer = setTimeout(look, most());
    },
    stop() {
      asleep = false;
      clearTimeout(timer);
    },
  };
}
