import type { ProviderRow } from "@/components/operator/provider-table";
import type { listProvidersServing } from "@/db/queries/catalogue";
import { hasKeyInSettings } from "@/lib/models/catalogue";

type Row = Awaited<ReturnType<typeof listProvidersServing>>[number];

/** Never the row itself: what goes to the browser is named here. */
export const toProviderRow = ({ provider, endpoints, enabledEndpoints }: Row): ProviderRow => ({
  slug: provider.slug,
  name: provider.name,
  baseUrl: provider.baseUrl,
  enabled: provider.enabled,
  key: provider.sealedApiKey ? { label: provider.apiKeyLabel ?? "A key", setAt: provider.apiKeySetAt } : null,
  inSettings: hasKeyInSettings(provider.slug),
  trains: provider.trainsOnPrompts,
  retains: provider.retainsPrompts,
  endpoints,
  enabledEndpoints,
});
