import { TrophyIcon } from "lucide-react";
import { createLoader, parseAsStringLiteral, type SearchParams } from "nuqs/server";
import { Suspense } from "react";
import { AddressSwitch } from "@/components/activity/address-switch";
import { RankingTable } from "@/components/activity/ranking-table";
import { PageHeader } from "@/components/page-header";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import { currentCatalogue } from "@/lib/models/catalogue";
import { type Period, periods, rankedModels } from "@/lib/models/rankings";

export const metadata = { title: "Rankings" };

const load = createLoader({ period: parseAsStringLiteral(periods).withDefault("week") });

const PERIODS = [
  ["day", "Today"],
  ["week", "7 days"],
  ["month", "30 days"],
] as const;

export default async function RankingsPage({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const { period } = await load(searchParams);
  return (
    <div className="py-8">
      <PageHeader
        title="Rankings"
        description="The models of this server by the tokens they read and wrote for everyone together, against as many days before. Days are those of UTC; figures are rounded."
      />
      <AddressSwitch name="period" label="Time" value={period} options={[...PERIODS]} />
      <Suspense key={period} fallback={<Skeleton className="h-96 w-full" />}>
        <Rankings period={period} />
      </Suspense>
    </div>
  );
}

async function Rankings({ period }: { period: Period }) {
  const [ranked, { models }] = await Promise.all([rankedModels(period), currentCatalogue()]);
  if (ranked.length === 0)
    return (
      <Empty icon={<TrophyIcon />} title="No model was asked in this time">
        As soon as requests are answered, their models are ranked here.
      </Empty>
    );
  const total = ranked.reduce((sum, { tokens }) => sum + tokens, 0);
  return (
    <RankingTable
      rows={ranked.map(({ modelSlug, tokens, tokensBefore }) => ({
        slug: modelSlug,
        name: models.get(modelSlug)?.name ?? modelSlug,
        listed: models.has(modelSlug),
        tokens,
        tokensBefore,
        share: tokens / total,
      }))}
    />
  );
}
