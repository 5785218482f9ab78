import { notFound } from "next/navigation";
import { OnOffSwitch } from "@/components/operator/on-off-switch";
import { PriceForm } from "@/components/operator/price-form";
import { PriceHistory } from "@/components/operator/price-history";
import { PageHeader } from "@/components/page-header";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { findModelRow } from "@/db/queries/catalogue";
import { listEndpointsWithPrices } from "@/db/queries/endpoint-prices";
import { requireOperator } from "@/lib/auth/session";
import { addPriceAction, setEndpointEnabled, setModelEnabled } from "../actions";
import { toPriceLines } from "../figures";

export const metadata = { title: "Model" };

export default async function ModelPage({ params }: { params: Promise<{ slug: string[] }> }) {
  const operator = await requireOperator();
  const slug = (await params).slug.map(decodeURIComponent).join("/");
  const model = (await findModelRow(operator.database, slug)) ?? notFound();
  const served = await listEndpointsWithPrices(operator, slug);
  const confirmAt = `/confirm?next=${encodeURIComponent(`/operator/models/${slug}`)}`;
  return (
    <>
      <PageHeader title={model.name} description={model.slug}>
        <OnOffSwitch
          label={`${model.name} is served`}
          enabled={model.enabled}
          action={setModelEnabled}
          input={{ slug }}
        />
      </PageHeader>
      {served.length === 0 && <Empty title="No endpoints">Nobody serves the model here.</Empty>}
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
        {served.map(({ endpoint, prices }) => {
          const lines = toPriceLines(prices);
          const name = endpoint.variant ? `${endpoint.providerSlug}/${endpoint.variant}` : endpoint.providerSlug;
          const inForce = lines.find(({ state }) => state === "now");
          return (
            <Card key={endpoint.id}>
              <CardHeader>
                <CardTitle className="flex items-center justify-between gap-4">
                  {name}
                  <OnOffSwitch
                    label={`${model.name} is served at ${name}`}
                    enabled={endpoint.enabled}
                    action={setEndpointEnabled}
                    input={{ endpointId: endpoint.id }}
                  />
                </CardTitle>
                <CardDescription className="break-all">
                  {endpoint.upstreamModel}, {endpoint.contextLength.toLocaleString("en-US")} tokens
                  {endpoint.maxOutput !== null && `, ${endpoint.maxOutput.toLocaleString("en-US")} of output`}
                </CardDescription>
              </CardHeader>
              <CardContent className="grid grid-cols-[minmax(0,1fr)] gap-4">
                <PriceHistory label={`Prices at ${name}`} lines={lines} />
                <details className="rounded-md border px-4 py-2.5 open:pb-4">
                  <summary className="cursor-pointer text-sm font-medium">
                    New price<span className="sr-only"> at {name}</span>
                  </summary>
                  <div className="mt-4 [&_button[type=submit]]:justify-self-start">
                    <PriceForm
                      endpointId={endpoint.id}
                      tiered={(inForce?.tiers.length ?? 0) > 0}
                      add={addPriceAction}
                      confirmAt={confirmAt}
                    />
                  </div>
                </details>
              </CardContent>
            </Card>
          );
        })}
      </div>
    </>
  );
}
