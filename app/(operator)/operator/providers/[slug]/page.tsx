import { notFound } from "next/navigation";
import { Fact, Facts } from "@/components/credits/facts";
import { OnOffSwitch } from "@/components/operator/on-off-switch";
import { ConnectionForm, PolicyForm } from "@/components/operator/provider-forms";
import { ProviderKey } from "@/components/operator/provider-table";
import { ProviderTest } from "@/components/operator/provider-test";
import { PageHeader } from "@/components/page-header";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "@/components/ui/card";
import { listProvidersServing } from "@/db/queries/catalogue";
import { requireOperator } from "@/lib/auth/session";
import { connectProviderAction, setDataPolicy, setProviderEnabled, testProvider } from "../actions";
import { toProviderRow } from "../provider-row";

export const metadata = { title: "Provider" };

const DIALECTS = { openai: "OpenAI's dialect", anthropic: "Anthropic's dialect", google: "Google's dialect" };

export default async function ProviderPage({ params }: { params: Promise<{ slug: string }> }) {
  const operator = await requireOperator();
  const { slug } = await params;
  const rows = await listProvidersServing(operator.database);
  const found = rows.find(({ provider }) => provider.slug === slug) ?? notFound();
  const row = toProviderRow(found);
  const confirmAt = `/confirm?next=${encodeURIComponent(`/operator/providers/${slug}`)}`;
  return (
    <>
      <PageHeader title={row.name} description={`${row.slug}, which speaks ${DIALECTS[found.provider.kind]}`}>
        <OnOffSwitch
          label={`${row.name} is routed to`}
          enabled={row.enabled}
          action={setProviderEnabled}
          input={{ slug }}
        />
      </PageHeader>
      <div className="grid items-start gap-6 lg:grid-cols-2 [&_button[type=submit]]:justify-self-start">
        <Card>
          <CardHeader>
            <CardTitle>Now</CardTitle>
          </CardHeader>
          <CardContent className="grid gap-5">
            <Facts>
              <Fact name="Base URL">
                <span className="break-all">{row.baseUrl ?? "The SDK's own"}</span>
              </Fact>
              <Fact name="Key">
                <ProviderKey row={row} />
              </Fact>
              <Fact name="Endpoints on">
                {row.enabledEndpoints} of {row.endpoints}
              </Fact>
            </Facts>
            <ProviderTest slug={slug} test={testProvider} />
          </CardContent>
        </Card>
        <Card>
          <CardHeader>
            <CardTitle>What becomes of prompts</CardTitle>
            <CardDescription>
              As its terms or your contract with it say. Callers can refuse providers by it.
            </CardDescription>
          </CardHeader>
          <CardContent>
            <PolicyForm slug={slug} trains={row.trains} retains={row.retains} save={setDataPolicy} />
          </CardContent>
        </Card>
        <Card>
          <CardHeader>
            <CardTitle>Address and key</CardTitle>
            <CardDescription>Both are stored together.</CardDescription>
          </CardHeader>
          <CardContent>
            <ConnectionForm slug={slug} baseUrl={row.baseUrl} connect={connectProviderAction} confirmAt={confirmAt} />
          </CardContent>
        </Card>
      </div>
    </>
  );
}
