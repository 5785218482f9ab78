import { kindName } from "@/components/credits/ledger-kinds";
import { db } from "@/db/client";
import { type BalancedRow, walkLedger } from "@/db/queries/ledger";
import { currentUser } from "@/lib/auth/session";
import { formatUsd } from "@/lib/money";
import { readLedgerAddress } from "../ledger-address";

export const dynamic = "force-dynamic";

const HEADER = "line,time_utc,kind,amount_usd,balance_after_usd,source,source_id\r\n";

/** The ledger of whoever is signed in, oldest first, as CSV; a batch at a time, however long it is. */
export async function GET(request: Request) {
  const user = await currentUser();
  if (!user) return new Response("Sign in first.\n", { status: 401, headers: { "cache-control": "no-store" } });
  const { filter } = readLedgerAddress(Object.fromEntries(new URL(request.url).searchParams));
  const walk = walkLedger(db(), user.accountId, filter);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(HEADER)),
    async pull(controller) {
      const { value, done } = await walk.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value.map(toLine).join("")));
    },
    cancel: async () => {
      await walk.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="ledger.csv"',
      "cache-control": "private, no-store",
    },
  });
}

const toLine = ({ id, createdAt, kind, amountNano, balanceNano, source, sourceId }: BalancedRow) =>
  `${[id, createdAt.toISOString(), kindName(kind), formatUsd(amountNano), formatUsd(balanceNano), source, sourceId].map(cell).join(",")}\r\n`;

/** Quoted where it must be; what a spreadsheet would take for a formula is kept from being one. Amounts are ours. */
function cell(value: bigint | string): string {
  const text = String(value);
  const safe = /^[=+@\t\r]|^-(?![\d.]+$)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
