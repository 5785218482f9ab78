import { isFinal } from "@/db/failure";
import { type GenerationRow, settleHolds } from "@/db/queries/holds";
import { retrying } from "@/db/retrying";
import { log } from "@/lib/log";
import { processWide } from "@/lib/process-wide";
import { batched } from "./batch";

const GIVE_UP_MS = 10 * 60_000;

type Settlements = { send: (row: GenerationRow) => Promise<{ outcome: string }>; pending: Set<Promise<void>> };

const settlements = () =>
  processWide<Settlements>("settlements", () => ({
    send: batched((rows: GenerationRow[]) => retrying(() => settleHolds(rows))),
    pending: new Set(),
  }));

/**
 * Replaces a hold by what its generation cost, and logs the generation, in one statement. Nobody waits for it: while
 * the database is away it is tried again for ten minutes, and then the hold's own expiry bills the last checkpoint.
 * Settling twice charges once.
 */
export function settle(row: GenerationRow): void {
  const { send, pending } = settlements();
  const work = untilSettled(() => send(row), row.id).finally(() => pending.delete(work));
  pending.add(work);
}

/** Resolves when everything handed to `settle` so far is in the database, or given up. */
export const settled = async (): Promise<void> => void (await Promise.all(settlements().pending));

async function untilSettled(send: () => Promise<{ outcome: string }>, id: string): Promise<void> {
  const startedAt = performance.now();
  for (let wait = 250; ; wait = Math.min(wait * 2, 15_000)) {
    try {
      if ((await send()).outcome !== "busy") return;
    } catch (error) {
      const lost = performance.now() - startedAt > GIVE_UP_MS || isFinal(error);
      log()[lost ? "error" : "warn"](
        { generation: id, err: error },
        lost ? "not settled: its hold will expire" : "not settled yet",
      );
      if (lost) return;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}
