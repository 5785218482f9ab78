import { type KeptWords, writeKept } from "@/db/queries/kept-answers";
import { retrying } from "@/db/retrying";
import { log } from "@/lib/log";
import { processWide } from "@/lib/process-wide";
import { sealPiece } from "./piece";

const WRITE_EVERY_MS = 250;
/** An answer that says nothing for long is heard of all the same. */
const BEAT_EVERY_MS = 10_000;
const LONG_PIECE = 128 * 1024;

export type KeptWriter = {
  /** Who asks again is told this first. */
  begin: (head: NonNullable<KeptWords["head"]>) => void;
  /** Behind the caller's back, with what else comes within a moment. */
  add: (text: string, lastEvent?: number) => void;
  /** Resolves when all of it is in the database, or given up: then who asks again finds an answer that was cut. */
  end: (end: NonNullable<KeptWords["end"]>) => Promise<void>;
};

const unwritten = () => processWide("unwritten-answers", () => new Set<Promise<void>>());

/** Resolves when everything that had ended is written. */
export const allKept = async (): Promise<void> => void (await Promise.all(unwritten()));

/** Writes an answer as it comes: some statements a second, however many words that is. */
export function keptWriter(answerId: string): KeptWriter {
  let head: KeptWords["head"];
  let text = "";
  let last = 0;
  let seq = 0;
  let lost = false;
  let writing = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  const beat = setInterval(() => write(), BEAT_EVERY_MS).unref();

  const write = (end?: KeptWords["end"]) => {
    clearTimeout(timer);
    timer = undefined;
    const pieces = text === "" ? [] : [{ seq: ++seq, lastEvent: last, sealed: sealPiece(answerId, seq, text) }];
    const words = { head, pieces, end };
    [head, text] = [undefined, ""];
    // One after the other: whoever reads a piece has those before it.
    writing = writing.then(async () => {
      if (!lost) await retrying(() => writeKept(answerId, words)).catch(lose);
    });
  };
  const lose = (err: unknown) => {
    lost = true;
    clearInterval(beat);
    log().warn({ err }, "an answer could not be kept: who asks for it again finds it cut");
  };

  return {
    begin(given) {
      head = given;
      write();
    },
    add(more, lastEvent = 0) {
      text += more;
      last = lastEvent;
      if (text.length >= LONG_PIECE) write();
      else timer ??= setTimeout(write, WRITE_EVERY_MS);
    },
    end(end) {
      clearInterval(beat);
      write(end);
      const written = writing.finally(() => unwritten().delete(written));
      unwritten().add(written);
      return written;
    },
  };
}
