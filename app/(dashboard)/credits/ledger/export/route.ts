import { kindName } from "@/components/credits/ledger-kinds";
import { db } from "@/db/client";
import { type BalancedRow, walkLedger } from "@/db/queries/ledger";
import { currentUser } from "@/lib/auth/session";
import { formatUsd } from "@/lib/money";
import { csvReply } from "../../../csv";
import { signInFirst } from "../../../file-reply";
import { readLedgerAddress } from "../ledger-address";

export const dynamic = "force-dynamic";

const HEADER = ["line", "time_utc", "kind", "amount_usd", "balance_after_usd", "source", "source_id"];

/** The ledger of whoever is signed in, oldest first. */
export async function GET(request: Request) {
  const user = await currentUser();
  if (!user) return signInFirst();
  const { filter } = readLedgerAddress(Object.fromEntries(new URL(request.url).searchParams));
  async function* lines(accountId: string) {
    for await (const rows of walkLedger(db(), accountId, filter)) yield rows.map(toCells);
  }
  return csvReply("ledger", HEADER, lines(user.accountId));
}

const toCells = ({ id, createdAt, kind, amountNano, balanceNano, source, sourceId }: BalancedRow): string[] => [
  id.toString(),
  createdAt.toISOString(),
  kindName(kind),
  formatUsd(amountNano),
  formatUsd(balanceNano),
  source,
  sourceId,
];
