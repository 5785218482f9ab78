import type { Metadata } from "next";
import { PageHeader } from "@/components/page-header";
import { RoutingForm } from "@/components/settings/routing-form";
import { db } from "@/db/client";
import { findAccountSettings } from "@/db/queries/account-settings";
import { requireUser } from "@/lib/auth/session";
import { callableModels } from "@/lib/gateway/callable-models";
import { currentCatalogue } from "@/lib/models/catalogue";
import { saveRoutingSettings } from "./actions";

export const metadata: Metadata = { title: "Routing and privacy" };

export default async function RoutingPage() {
  const { accountId } = await requireUser();
  const [settings, catalogue] = await Promise.all([findAccountSettings(db(), accountId), currentCatalogue()]);
  const routing = settings?.routing ?? {};
  const all = callableModels(catalogue);
  const left = callableModels(catalogue, { allowedModels: null, byok: [], routing });
  const providers = new Map(
    all.flatMap(({ endpoints }) => endpoints.map(({ provider }) => [provider.slug, provider.name])),
  );
  // Such that were chosen before and serve nothing now: who does not see them cannot take them out.
  for (const slug of routing.allowed ?? routing.ignored ?? []) if (!providers.has(slug)) providers.set(slug, slug);
  return (
    <>
      <PageHeader title="Routing and privacy" description="For all your requests, through every key." />
      <RoutingForm
        // What was saved is what is shown.
        key={settings?.updatedAt.getTime()}
        routing={routing}
        models={all.map(({ model }) => model.slug).sort()}
        providers={[...providers].map(([slug, name]) => ({ slug, name })).sort((a, b) => a.name.localeCompare(b.name))}
        left={{ models: left.length, of: all.length }}
        save={saveRoutingSettings}
      />
    </>
  );
}
