import { unhurried } from "@/db/client";
import { rollActivity } from "@/db/queries/activity-roll";
import { log } from "@/lib/log";

const MOST_MS = 10 * 60_000;
/** A log that was never summed is summed in pieces, each a statement of its own, until it is done. */
const MOST_PIECES = 1_000;

/** Sums the log up, one replica for all; what is not summed yet is read from the log, so that no figure waits for it. */
export async function rollUp(): Promise<void> {
  try {
    for (let piece = 0; piece < MOST_PIECES; piece++) {
      const rolled = await unhurried((database) => rollActivity(database), MOST_MS);
      if (!rolled?.behind) return;
      log().info({ until: rolled.until }, "the log is being summed up");
    }
  } catch (error) {
    log().warn({ err: error }, "the log could not be summed up; the next minute's round will");
  }
}
