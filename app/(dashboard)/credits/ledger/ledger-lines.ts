import type { LedgerLine } from "@/components/credits/ledger-table";
import { db } from "@/db/client";
import { mapGenerations } from "@/db/queries/generation-list";
import type { BalancedRow } from "@/db/queries/ledger";

/** Rows of the ledger, newest first, with what each was about. */
export async function toLedgerLines(accountId: string, rows: BalancedRow[]): Promise<LedgerLine[]> {
  const requests = rows.filter(({ source }) => source === "generation");
  const [newest, oldest] = [requests[0], requests.at(-1)];
  const generations =
    newest && oldest
      ? await mapGenerations(
          db(),
          accountId,
          requests.map(({ sourceId }) => sourceId),
          { from: oldest.createdAt, until: newest.createdAt },
        )
      : undefined;
  return rows.map((row) => {
    const request = generations?.get(row.sourceId);
    return {
      id: row.id,
      kind: row.kind,
      detail: request ? [request.modelSlug, request.keyName].filter(Boolean).join(" · ") : null,
      amount: row.amountNano,
      balance: row.balanceNano,
      at: row.createdAt,
    };
  });
}
