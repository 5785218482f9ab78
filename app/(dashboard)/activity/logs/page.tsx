import { ChevronRightIcon, DownloadIcon, ListIcon } from "lucide-react";
import Link from "next/link";
import { createLoader, parseAsString, type SearchParams } from "nuqs/server";
import { Suspense } from "react";
import { LiveSwitch } from "@/components/activity/live-switch";
import { LogFilters } from "@/components/activity/log-filters";
import { exportHref, type LogSearch, logHref, logSearch } from "@/components/activity/log-search";
import { LogTable } from "@/components/activity/log-table";
import { PageHeader } from "@/components/page-header";
import { buttonVariants } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import { db } from "@/db/client";
import { listLogChoices } from "@/db/queries/activity";
import { type LogRow, searchGenerations } from "@/db/queries/generation-search";
import { requireUser } from "@/lib/auth/session";
import { seriesNames } from "../series-names";
import { formatCursor, parseCursor, toLogFilter } from "./log-filter";

export const metadata = { title: "Logs" };

const load = createLoader({ ...logSearch, older: parseAsString });
const PAGE = 50;

export default async function LogsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { accountId } = await requireUser();
  const { older, ...search } = await load(searchParams);
  return (
    <>
      <PageHeader
        title="Logs"
        description="Every request, newest first, when it is over. What was asked and answered is not kept. Times are UTC."
      >
        {older === null && <LiveSwitch />}
        <a href={exportHref(search)} download className={buttonVariants({ variant: "ghost" })}>
          <DownloadIcon /> CSV
        </a>
      </PageHeader>
      <Suspense fallback={<Skeleton className="mb-4 h-9 w-28" />}>
        <Filters accountId={accountId} />
      </Suspense>
      <Suspense
        key={JSON.stringify({ ...search, over: search.over?.toString(), older })}
        fallback={<Skeleton className="h-96 w-full" />}
      >
        <Lines accountId={accountId} search={search} older={older} />
      </Suspense>
    </>
  );
}

async function Filters({ accountId }: { accountId: string }) {
  const found = await listLogChoices(db(), accountId);
  const [keyName, providerName, appName] = await Promise.all([
    seriesNames(accountId, "key", found.key),
    seriesNames(accountId, "provider", found.provider),
    seriesNames(accountId, "app", found.app),
  ]);
  const named = (values: string[], nameOf: (value: string) => string) =>
    values.map((value) => ({ value, name: nameOf(value) })).sort((a, b) => a.name.localeCompare(b.name));
  return (
    <LogFilters
      choices={{
        model: named(found.model.filter(Boolean), (slug) => slug),
        key: named(found.key, keyName),
        provider: named(found.provider, providerName),
        app: named(found.app, appName),
      }}
    />
  );
}

async function Lines({ accountId, search, older }: { accountId: string; search: LogSearch; older: string | null }) {
  const before = parseCursor(older);
  const { rows, searchedTo } = await searchGenerations(db(), accountId, {
    filter: toLogFilter(search),
    before,
    most: PAGE + 1,
  });
  const page = rows.slice(0, PAGE);
  const last = page.at(-1);
  const further =
    rows.length > PAGE && last ? last : searchedTo && { micros: BigInt(searchedTo.getTime()) * 1000n, id: "" };
  const narrowed = Object.values(search).some((value) => value !== null);
  if (page.length === 0 && !further) return <NoLines narrowed={narrowed || before !== undefined} />;
  const providerName = await seriesNames(accountId, "provider", []);
  return (
    <div className="grid gap-4">
      {page.length > 0 && <LogTable lines={page.map((row) => toLine(row, providerName))} />}
      {searchedTo && (
        <p className="text-[13px] text-muted-foreground">
          Looked through back to {searchedTo.toISOString().slice(0, 16).replace("T", " ")} UTC.
        </p>
      )}
      <nav aria-label="Pages" className="flex items-center justify-between gap-3">
        <p className="text-[13px] text-muted-foreground max-sm:hidden">
          Arrow keys walk through the list, Enter opens a request.
        </p>
        <div className="ml-auto flex gap-2">
          {before && (
            <Link href={logHref(search)} className={buttonVariants({ variant: "outline", size: "sm" })}>
              Newest
            </Link>
          )}
          {further && (
            <Link
              href={olderHref(search, formatCursor(further))}
              className={buttonVariants({ variant: "outline", size: "sm" })}
            >
              {rows.length > PAGE ? "Older" : "Look further back"} <ChevronRightIcon />
            </Link>
          )}
        </div>
      </nav>
    </div>
  );
}

function olderHref(search: LogSearch, cursor: string): string {
  const href = logHref(search);
  return `${href}${href.includes("?") ? "&" : "?"}older=${cursor}`;
}

const toLine = (row: LogRow, providerName: (slug: string) => string) => ({
  id: row.id,
  at: row.at,
  model: row.modelSlug,
  provider: row.providerSlug === null ? null : providerName(row.providerSlug),
  by: [row.keyName ?? "A key that is gone", row.app].filter(Boolean).join(", "),
  outcome: row.outcome,
  reason: row.outcome === "failed" ? row.errorType : row.finishReason,
  promptTokens: row.promptTokens,
  completionTokens: row.completionTokens,
  cost: row.costNano,
  firstTokenMs: row.firstTokenMs,
  totalMs: row.totalMs,
});

function NoLines({ narrowed }: { narrowed: boolean }) {
  if (narrowed) return <Empty title="No such requests">Nothing in the log is as it was asked for.</Empty>;
  return (
    <Empty icon={<ListIcon />} title="Nothing asked yet">
      Each request stands here as soon as it is over: what it took, what it cost, and which endpoints were tried for it.
    </Empty>
  );
}
