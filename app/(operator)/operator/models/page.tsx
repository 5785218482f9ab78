import { Suspense } from "react";
import { z } from "zod";
import { ModelList } from "@/components/operator/model-list";
import { SearchForm } from "@/components/operator/search-form";
import { PageHeader } from "@/components/page-header";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import type { Operator } from "@/db/operator";
import { listModelsServed } from "@/db/queries/endpoint-prices";
import { requireOperator } from "@/lib/auth/session";
import { setModelEnabled } from "./actions";

export const metadata = { title: "Models and prices" };

/** More than a catalogue has; a search narrows it. */
const MOST = 500;
const query = z.string().trim().max(200).catch("");

export default async function ModelsPage({ searchParams }: { searchParams: Promise<{ q?: string | string[] }> }) {
  const operator = await requireOperator();
  const search = query.parse((await searchParams).q);
  return (
    <>
      <PageHeader title="Models and prices" description="What is served, where and for how much." />
      <SearchForm action="/operator/models" label="Part of a slug or a name" search={search} />
      <Suspense key={search} fallback={<Skeleton className="h-96 w-full" />}>
        <Models operator={operator} search={search} />
      </Suspense>
    </>
  );
}

async function Models({ operator, search }: { operator: Operator; search: string }) {
  const rows = await listModelsServed(operator, { search, most: MOST });
  if (rows.length === 0) return <Empty title="No such models">No slug and no name is like that.</Empty>;
  return <ModelList rows={rows} setEnabled={setModelEnabled} />;
}
