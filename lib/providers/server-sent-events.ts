import { createParser, type EventSourceMessage } from "eventsource-parser";
import { UpstreamFault } from "./upstream-fault";

const MOST_CHARACTERS = 1024 * 1024;
/** An answer with images or audio has each of them whole in one event. */
export const MOST_CHARACTERS_WITH_MEDIA = 32 * 1024 * 1024;
/** Comments keep a connection open; they are not an answer. */
const MOST_SILENCE_MS = 120_000;

export type EventLimits = { mostCharacters?: number; mostSilence?: number };

/**
 * The events of a body, in batches: what came in one read is one batch, so it can leave in one write. A batch is
 * never empty.
 *
 * @throws UpstreamFault `malformed` for an event that is too long, `late` where nothing but comments comes.
 */
export async function* eventsOf(
  body: AsyncIterable<Uint8Array>,
  { mostCharacters = MOST_CHARACTERS, mostSilence = MOST_SILENCE_MS }: EventLimits = {},
): AsyncGenerator<EventSourceMessage[], void, undefined> {
  let batch: EventSourceMessage[] = [];
  let tooLong = false;
  const parser = createParser({
    maxBufferSize: mostCharacters,
    onEvent: (event) => batch.push(event),
    onError: (error) => {
      if (error.type === "max-buffer-size-exceeded") tooLong = true;
    },
  });
  const decoder = new TextDecoder();
  let heardAt = performance.now();
  for await (const bytes of body) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    if (tooLong) throw new UpstreamFault({ kind: "malformed", what: "an event of more than a server may send" });
    if (batch.length) {
      const events = batch;
      batch = [];
      yield events;
      // Taken after the reader came back: his own slowness is not the upstream's silence.
      heardAt = performance.now();
    } else if (performance.now() - heardAt > mostSilence) {
      throw new UpstreamFault({ kind: "late", phase: "idle", milliseconds: mostSilence });
    }
  }
  // Some servers end without the blank line that closes the last event.
  parser.feed(`${decoder.decode()}\n\n`);
  if (batch.length) yield batch;
}
