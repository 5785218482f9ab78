import Link from "next/link";
import { Suspense } from "react";
import { ProviderTable } from "@/components/operator/provider-table";
import { PageHeader } from "@/components/page-header";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import type { Operator } from "@/db/operator";
import { listProvidersServing } from "@/db/queries/catalogue";
import { requireOperator } from "@/lib/auth/session";
import { setProviderEnabled } from "./actions";
import { toProviderRow } from "./provider-row";

export const metadata = { title: "Providers" };

export default async function ProvidersPage() {
  const operator = await requireOperator();
  return (
    <>
      <PageHeader
        title="Providers"
        description="Who serves models, with which key. Keys are written and never read back."
      >
        <Button asChild>
          <Link href="/operator/providers/add">Add a provider</Link>
        </Button>
      </PageHeader>
      <Suspense fallback={<Skeleton className="h-96 w-full" />}>
        <Providers operator={operator} />
      </Suspense>
    </>
  );
}

async function Providers({ operator }: { operator: Operator }) {
  const rows = (await listProvidersServing(operator.database)).map(toProviderRow);
  // Those with a key are the ones that count.
  const ready = (row: (typeof rows)[number]) => row.key !== null || row.inSettings;
  const sorted = [...rows.filter(ready), ...rows.filter((row) => !ready(row))];
  if (sorted.length === 0) return <Empty title="No providers">Nothing can be asked until there is one.</Empty>;
  return <ProviderTable rows={sorted} setEnabled={setProviderEnabled} />;
}
