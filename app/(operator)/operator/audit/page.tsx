import { Suspense } from "react";
import { z } from "zod";
import { AuditFilterForm } from "@/components/operator/audit-filter";
import { AuditTable } from "@/components/operator/audit-table";
import { PageHeader } from "@/components/page-header";
import { Empty } from "@/components/ui/empty";
import { Pagination } from "@/components/ui/pagination";
import { Skeleton } from "@/components/ui/skeleton";
import type { Operator } from "@/db/operator";
import { searchAudit } from "@/db/queries/audit-search";
import { requireOperator } from "@/lib/auth/session";
import { toAuditLine } from "../audit-lines";

export const metadata = { title: "Audit log" };

const PAGE = 50;
const PATH = "/operator/audit";

const text = z.string().trim().max(200).catch("");
const id = z
  .string()
  .regex(/^\d{1,18}$/)
  .transform(BigInt)
  .optional()
  .catch(undefined);
const address = z.object({ action: text, who: text, target: text, older: id, newer: id });

type Params = Record<string, string | string[] | undefined>;

export default async function AuditPage({ searchParams }: { searchParams: Promise<Params> }) {
  const operator = await requireOperator();
  const wanted = address.parse(await searchParams);
  const { action, who, target } = wanted;
  return (
    <>
      <PageHeader
        title="Audit log"
        description="Who decided what. Nothing in it is ever changed or taken out: each line is chained to the one before."
      />
      <AuditFilterForm filter={{ action, who, target }} />
      <Suspense key={Object.values(wanted).join(" ")} fallback={<Skeleton className="h-96 w-full" />}>
        <Lines operator={operator} wanted={wanted} />
      </Suspense>
    </>
  );
}

async function Lines({ operator, wanted }: { operator: Operator; wanted: z.output<typeof address> }) {
  const { older, newer, ...filter } = wanted;
  const cursor = older !== undefined ? { older } : newer !== undefined ? { newer } : undefined;
  const forward = cursor !== undefined && "newer" in cursor;
  const rows = await searchAudit(operator, { filter, cursor, most: PAGE + 1 });
  const more = rows.length > PAGE;
  // The row too many is the furthest from where the page began.
  const page = more ? (forward ? rows.slice(1) : rows.slice(0, PAGE)) : rows;
  const [newest, oldest] = [page[0], page.at(-1)];
  if (!newest || !oldest) return <Empty title="No such lines">Nothing like that was written down.</Empty>;
  const shown = Object.entries(filter).filter(([, value]) => value !== "");
  const href = (name: string, row: bigint) => `${PATH}?${new URLSearchParams([...shown, [name, row.toString()]])}`;
  const newerHref = (forward ? more : cursor) ? href("newer", newest.id) : undefined;
  const olderHref = forward || more ? href("older", oldest.id) : undefined;
  return (
    <div className="grid gap-4">
      <AuditTable lines={page.map(toAuditLine)} />
      {(newerHref || olderHref) && <Pagination newer={newerHref} older={olderHref} />}
    </div>
  );
}
