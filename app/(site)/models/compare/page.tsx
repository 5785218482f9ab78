import { ScaleIcon } from "lucide-react";
import Link from "next/link";
import { ComparisonTable } from "@/components/models/comparison-table";
import { MOST_COMPARED } from "@/components/models/model-search";
import { PageHeader } from "@/components/page-header";
import { Button } from "@/components/ui/button";
import { Empty } from "@/components/ui/empty";
import { currentCatalogue } from "@/lib/models/catalogue";
import { asServed } from "@/lib/models/served-models";
import { toEndpointRow } from "../endpoint-row";
import { toModelRow } from "../model-row";

export const metadata = { title: "Compare models" };
export const dynamic = "force-dynamic";

export default async function ComparePage({ searchParams }: { searchParams: Promise<{ models?: string | string[] }> }) {
  const { models = "" } = await searchParams;
  const names = [...new Set(String(models).split(",").filter(Boolean))].slice(0, MOST_COMPARED);
  const catalogue = await currentCatalogue();
  const compared = names.flatMap((name) => {
    const model = catalogue.models.get(name);
    const served = model && asServed(model);
    return served ? [{ ...toModelRow(served), cheapest: toEndpointRow(served.endpoints[0]) }] : [];
  });
  const back = (
    <Button variant="outline" size="sm" asChild>
      <Link href={`/models${names.length > 0 ? `?compare=${names.map(encodeURIComponent).join(",")}` : ""}`}>
        Choose models
      </Link>
    </Button>
  );
  return (
    <div className="py-8">
      <PageHeader
        title="Compare models"
        description="Prices are US dollars per million tokens at each model's cheapest provider."
      >
        {back}
      </PageHeader>
      {compared.length === 0 ? (
        <Empty icon={<ScaleIcon />} title="Nothing to compare yet" action={back}>
          Tick up to four models in the list.
        </Empty>
      ) : (
        <ComparisonTable models={compared} />
      )}
    </div>
  );
}
