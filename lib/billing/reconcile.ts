import { unhurried } from "@/db/client";
import type { Operator } from "@/db/operator";
import { recordAudit } from "@/db/queries/audit";
import { reconcile } from "@/db/queries/reconciliation";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";

/** The first check of a database reads its whole ledger; those that follow take milliseconds. */
const MOST_MS = 10 * 60_000;

/** Checks the books, one replica for all. A difference freezes the account it is about and is mended by no machine. */
export async function checkBooks(): Promise<void> {
  try {
    const run = await unhurried(reconcile, MOST_MS);
    for (const { check, account_id, subject, figures } of run?.differences ?? [])
      log().error({ check, account: account_id, subject, ...figures }, "the books differ");
    if (run) log().debug({ run: run.run, ms: run.took_ms, differences: run.differences.length }, "books checked");
  } catch (error) {
    log().warn({ err: error }, "the books could not be checked; the next minute's check will");
  }
}

/** The minute's check, at once. @throws AppError `conflict` while another is under way */
export async function checkBooksNow(operator: Operator): Promise<{ differences: number; ms: number }> {
  const run = await unhurried((database) => reconcile(database, "0 seconds"), MOST_MS);
  if (!run) throw new AppError("conflict", "The books are being checked already. Look again in a moment.");
  const after = { differences: run.differences.length, ms: run.took_ms };
  await recordAudit({
    ...operator.actor,
    action: "books.check",
    target: { kind: "books", id: String(run.run) },
    after,
  });
  return after;
}
