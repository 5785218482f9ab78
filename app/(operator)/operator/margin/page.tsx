import { Suspense } from "react";
import { z } from "zod";
import { AddressSwitch } from "@/components/activity/address-switch";
import { MarginTable } from "@/components/operator/margin-table";
import { PageHeader } from "@/components/page-header";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import type { Operator } from "@/db/operator";
import { type MarginBy, sumMargin } from "@/db/queries/margin";
import { requireOperator } from "@/lib/auth/session";

export const metadata = { title: "Margin" };

const HOUR_MS = 3_600_000;
const RANGES = { "24h": 24, "7d": 24 * 7, "30d": 24 * 30 } as const;
const HEADINGS: Record<MarginBy, string> = { day: "Day (UTC)", model: "Model", provider: "Provider" };

const address = z.object({
  by: z.enum(["day", "model", "provider"]).catch("day"),
  range: z.enum(["24h", "7d", "30d"]).catch("7d"),
});

type Params = Record<string, string | string[] | undefined>;

export default async function MarginPage({ searchParams }: { searchParams: Promise<Params> }) {
  const operator = await requireOperator();
  const { by, range } = address.parse(await searchParams);
  return (
    <>
      <PageHeader
        title="Margin"
        description="What users paid against what providers charge for it, by their prices. Requests on callers' own keys bring in the fee and cost nothing here."
      />
      <div className="flex flex-wrap gap-x-6">
        <AddressSwitch
          name="by"
          label="By"
          value={by}
          options={[
            ["day", "By day"],
            ["model", "By model"],
            ["provider", "By provider"],
          ]}
        />
        <AddressSwitch
          name="range"
          label="Time"
          value={range}
          options={[
            ["24h", "24 hours"],
            ["7d", "7 days"],
            ["30d", "30 days"],
          ]}
        />
      </div>
      <Suspense key={`${by} ${range}`} fallback={<Skeleton className="h-64 w-full" />}>
        <Margin operator={operator} by={by} hours={RANGES[range]} />
      </Suspense>
    </>
  );
}

async function Margin({ operator, by, hours }: { operator: Operator; by: MarginBy; hours: number }) {
  const lines = await sumMargin(operator, by, new Date(Date.now() - hours * HOUR_MS));
  if (lines.length === 0) return <Empty title="No requests">Nothing was asked in this time.</Empty>;
  return (
    <MarginTable
      heading={HEADINGS[by]}
      rows={lines.map(({ name, requests, chargedNano, costNano, overageNano }) => ({
        ...{ name, requests },
        charged: chargedNano,
        cost: costNano,
        overage: overageNano,
      }))}
    />
  );
}
