import { AppWindowIcon } from "lucide-react";
import { createLoader, type SearchParams } from "nuqs/server";
import { Suspense } from "react";
import { activitySearch, type Range, toSpan } from "@/components/activity/activity-search";
import { AddressSwitch } from "@/components/activity/address-switch";
import { AppTable } from "@/components/activity/app-table";
import { CodeSample } from "@/components/code-sample";
import { PageHeader } from "@/components/page-header";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import { db } from "@/db/client";
import { readActivity } from "@/db/queries/activity";
import { requireUser } from "@/lib/auth/session";

export const metadata = { title: "Apps" };

const load = createLoader({ range: activitySearch.range.withDefault("30d") });
const MOST = 100;
const RANGES = [
  ["24h", "24 hours"],
  ["7d", "7 days"],
  ["30d", "30 days"],
  ["90d", "90 days"],
] as const;

const SAMPLE = `-H "HTTP-Referer: https://your-app.example"
-H "X-OpenRouter-Title: Your app"`;

export default async function AppsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { accountId } = await requireUser();
  const { range } = await load(searchParams);
  return (
    <>
      <PageHeader
        title="Apps"
        description="Which of your programs asked for what. Nobody else sees them; days are those of UTC."
      />
      <AddressSwitch name="range" label="Time" value={range} options={[...RANGES]} />
      <div className="grid grid-cols-1 gap-8">
        <Suspense key={range} fallback={<Skeleton className="h-64 w-full" />}>
          <Apps accountId={accountId} range={range} />
        </Suspense>
        <section className="max-w-2xl">
          <h2 className="mb-1 text-[15px] font-medium">How a program says who it is</h2>
          <p className="mb-3 text-sm text-pretty text-muted-foreground">
            By two headers of its requests. The address is what tells apps apart; where there is none, the title is.
          </p>
          <CodeSample label="Headers" code={SAMPLE} />
        </section>
      </div>
    </>
  );
}

async function Apps({ accountId, range }: { accountId: string; range: Range }) {
  const { series } = await readActivity(db(), accountId, {
    span: toSpan({ range, from: null, until: null }),
    by: "app",
    own: 0,
    most: MOST,
  });
  if (!series.some(({ name }) => name !== ""))
    return (
      <Empty icon={<AppWindowIcon />} title="No app has said its name">
        Requests that carry one are told apart here, by what they cost and how many tokens they had.
      </Empty>
    );
  const total = series.reduce((sum, { figures }) => sum + figures.promptTokens + figures.completionTokens, 0);
  return (
    <AppTable
      range={range}
      rows={series.map(({ name, title, figures }) => ({
        app: name,
        title,
        requests: figures.requests,
        tokens: figures.promptTokens + figures.completionTokens,
        share: total > 0 ? (figures.promptTokens + figures.completionTokens) / total : 0,
        cost: figures.costNano,
      }))}
    />
  );
}
