import { Suspense } from "react";
import { perMillionText } from "@/components/operator/per-million";
import type { Figures } from "@/components/operator/price-history";
import { type ImportLine, PriceImport } from "@/components/operator/price-import";
import { PageHeader } from "@/components/page-header";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import { catalogue } from "@/db/catalogue";
import type { Operator } from "@/db/operator";
import { requireOperator } from "@/lib/auth/session";
import { formatUsd } from "@/lib/money";
import { listPriceDifferences, type PriceDifference } from "@/lib/operator/price-import";
import { toFigures } from "../models/figures";
import { importPriceLines } from "./actions";

export const metadata = { title: "Price import" };

export default async function PricesPage() {
  const operator = await requireOperator();
  return (
    <>
      <PageHeader
        title="Price import"
        description={`Where the prices here differ from the catalogue of ${catalogue.pricesAsOf} that this version came with (${catalogue.source}). Nothing is changed but by the lines you approve.`}
      />
      <Suspense fallback={<Skeleton className="h-96 w-full" />}>
        <Differences operator={operator} />
      </Suspense>
    </>
  );
}

async function Differences({ operator }: { operator: Operator }) {
  const found = await listPriceDifferences(operator);
  if (found.length === 0)
    return <Empty title="No differences">Every endpoint that the catalogue knows has the catalogue's price.</Empty>;
  return <PriceImport lines={found.map(toLine)} importLines={importPriceLines} />;
}

const toLine = ({ line, model, provider, from, before, after }: PriceDifference): ImportLine => ({
  line,
  model,
  provider,
  from,
  since: before?.validFrom ?? null,
  changes: changesOf(before && toFigures(before), toFigures(after)),
});

const names = {
  prompt: "Prompt",
  completion: "Completion",
  cacheRead: "Cache read",
  cacheWrite: "Cache write",
  cacheWriteHour: "Cache write for an hour",
  reasoning: "Reasoning",
  audio: "Audio",
} as const;

function changesOf(before: Figures | undefined, after: Figures): ImportLine["changes"] {
  const text = (picos: bigint | null | undefined) => (picos == null ? "none" : perMillionText(picos));
  const dollars = (nanos: bigint | undefined) => `$${formatUsd(nanos ?? 0n)}`;
  const tiers = (of: Figures | undefined) =>
    (of?.tiers ?? []).map((tier) => `>${tier.above}: ${text(tier.prompt)}/${text(tier.completion)}`).join(", ") ||
    "none";
  const all = [
    ...Object.entries(names).map(([key, name]) => {
      const of = key as keyof typeof names;
      return { name, before: text(before?.[of]), after: text(after[of]) };
    }),
    { name: "An image", before: dollars(before?.image), after: dollars(after.image) },
    { name: "A request", before: dollars(before?.request), after: dollars(after.request) },
    { name: "Long prompts", before: tiers(before), after: tiers(after) },
  ];
  const changed = all.filter((one) => one.before !== one.after);
  // Of a tier, more may differ than is shown of it.
  return changed.length > 0 ? changed : [{ name: "Long prompts", before: "others", after: tiers(after) }];
}
