import { ChartColumnIcon, DownloadIcon } from "lucide-react";
import { createLoader, createSerializer, type SearchParams } from "nuqs/server";
import { Suspense } from "react";
import { ActivityCharts } from "@/components/activity/activity-charts";
import { ActivityControls } from "@/components/activity/activity-controls";
import { type ActivitySearch, activitySearch, type Kind, kinds, toSpan } from "@/components/activity/activity-search";
import { ActivityTable } from "@/components/activity/activity-table";
import { milliseconds, rate, whole } from "@/components/activity/figures";
import { PageHeader } from "@/components/page-header";
import { buttonVariants } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import { Usd } from "@/components/usd";
import { db } from "@/db/client";
import { readActivity } from "@/db/queries/activity";
import { requireUser } from "@/lib/auth/session";
import { firstToken, OWN_SERIES, toActivityView, toFilter } from "./activity-view";
import { seriesNames } from "./series-names";

export const metadata = { title: "Activity" };

const load = createLoader(activitySearch);
const serialize = createSerializer(activitySearch);
const MOST_ROWS = 100;

const kindNames: Record<Kind, string> = { model: "Model", key: "Key", provider: "Provider", app: "App" };

export default async function ActivityPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { accountId } = await requireUser();
  const search = await load(searchParams);
  const narrowed = await Promise.all(
    kinds.flatMap((kind) => {
      const value = search[kind];
      return value === null
        ? []
        : [seriesNames(accountId, kind, [value]).then((nameOf) => ({ kind, name: nameOf(value) }))];
    }),
  );
  return (
    <>
      <PageHeader
        title="Activity"
        description="What your requests came to, exact to this moment. Days and hours are those of UTC; requests count when they began."
      >
        <a href={serialize("/activity/export", search)} download className={buttonVariants({ variant: "ghost" })}>
          <DownloadIcon /> CSV
        </a>
      </PageHeader>
      <ActivityControls narrowed={narrowed} />
      <Suspense key={JSON.stringify(search)} fallback={<Skeleton className="h-[40rem] w-full" />}>
        <Activity accountId={accountId} search={search} />
      </Suspense>
    </>
  );
}

async function Activity({ accountId, search }: { accountId: string; search: ActivitySearch }) {
  const read = await readActivity(db(), accountId, {
    span: toSpan(search),
    by: search.by,
    filter: toFilter(search),
    own: OWN_SERIES,
    most: MOST_ROWS,
  });
  if (read.series.length === 0) return <NoActivity narrowed={kinds.some((kind) => search[kind] !== null)} />;
  const nameOf = await seriesNames(
    accountId,
    search.by,
    read.series.map(({ name }) => name),
  );
  const view = toActivityView(search, read, ({ name, title }) => (search.by === "app" && title) || nameOf(name));
  const { total } = view;
  return (
    <div className="grid grid-cols-1 gap-5">
      <ActivityCharts
        {...view}
        totals={{
          cost: <Usd nanos={total.costNano} className="text-foreground" />,
          tokens: `${whole(total.promptTokens)} in, ${whole(total.completionTokens)} out`,
          requests: whole(total.requests),
          errors: `${whole(total.errors)}, ${rate(total.errors, total.requests)}`,
          firstToken: `median about ${milliseconds(firstToken(total, 0.5))}`,
        }}
      />
      <ActivityTable label={`Activity by ${search.by}`} kind={kindNames[search.by]} rows={view.rows} />
      {read.series.length === MOST_ROWS && (
        <p className="text-[13px] text-muted-foreground">The first {MOST_ROWS}; the CSV has all of them.</p>
      )}
    </div>
  );
}

function NoActivity({ narrowed }: { narrowed: boolean }) {
  return (
    <Empty icon={<ChartColumnIcon />} title={narrowed ? "No such requests" : "No requests in this time"}>
      {narrowed
        ? "Nothing in this time is of what the page is narrowed to."
        : "Once a program of yours, or the chat, has asked something, its spend, tokens, errors and speed are drawn here."}
    </Empty>
  );
}
