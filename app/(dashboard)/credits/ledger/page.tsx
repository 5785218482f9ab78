import { ReceiptTextIcon } from "lucide-react";
import { Suspense } from "react";
import { LedgerFilter } from "@/components/credits/ledger-filter";
import { LedgerTable } from "@/components/credits/ledger-table";
import { PageHeader } from "@/components/page-header";
import { Empty } from "@/components/ui/empty";
import { Pagination } from "@/components/ui/pagination";
import { Skeleton } from "@/components/ui/skeleton";
import { db } from "@/db/client";
import { listLedger } from "@/db/queries/ledger";
import { requireUser } from "@/lib/auth/session";
import { ledgerHref, readLedgerAddress } from "./ledger-address";
import { toLedgerLines } from "./ledger-lines";

export const metadata = { title: "Ledger" };

const PAGE = 50;
const PATH = "/credits/ledger";

type Params = Record<string, string | string[] | undefined>;

export default async function LedgerPage({ searchParams }: { searchParams: Promise<Params> }) {
  const { accountId } = await requireUser();
  const wanted = readLedgerAddress(await searchParams);
  const { shown } = wanted;
  return (
    <>
      <PageHeader
        title="Ledger"
        description="Every movement of your balance, to the billionth of a dollar. Nothing in it is ever changed or taken out. Each line can be explained."
      />
      <LedgerFilter key={JSON.stringify(shown)} address={shown} exportHref={ledgerHref(`${PATH}/export`, shown)} />
      <Suspense key={JSON.stringify(wanted, withBigints)} fallback={<Skeleton className="h-96 w-full" />}>
        <Lines accountId={accountId} wanted={wanted} />
      </Suspense>
    </>
  );
}

async function Lines({ accountId, wanted }: { accountId: string; wanted: ReturnType<typeof readLedgerAddress> }) {
  const { filter, cursor, shown } = wanted;
  const forward = cursor !== undefined && "newer" in cursor;
  const rows = await listLedger(db(), accountId, { filter, cursor, most: PAGE + 1 });
  const more = rows.length > PAGE;
  // The row too many is the furthest from where the page began.
  const page = more ? (forward ? rows.slice(1) : rows.slice(0, PAGE)) : rows;
  const [newest, oldest] = [page[0], page.at(-1)];
  if (!newest || !oldest) return <NoLines narrowed={cursor !== undefined || Object.keys(shown).length > 0} />;
  const newer = (forward ? more : cursor) ? ledgerHref(PATH, shown, { newer: newest.id }) : undefined;
  const older = forward || more ? ledgerHref(PATH, shown, { older: oldest.id }) : undefined;
  return (
    <div className="grid gap-4">
      <LedgerTable lines={await toLedgerLines(accountId, page)} />
      {(newer || older) && <Pagination newer={newer} older={older} />}
    </div>
  );
}

function NoLines({ narrowed }: { narrowed: boolean }) {
  if (narrowed) return <Empty title="No such lines">Nothing in your ledger is of this kind and time.</Empty>;
  return (
    <Empty icon={<ReceiptTextIcon />} title="Nothing yet">
      Credits that come in and requests that are paid for stand here, one line each, with what was left after it.
    </Empty>
  );
}

const withBigints = (_key: string, value: unknown) => (typeof value === "bigint" ? value.toString() : value);
