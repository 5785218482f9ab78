import { ActivityIcon } from "lucide-react";
import { PerformancePanel, type ProviderPerformance } from "@/components/models/performance-panel";
import { Empty } from "@/components/ui/empty";
import type { Performance as Figures } from "@/db/queries/endpoint-performance";
import type { Model } from "@/lib/models/catalogue";
import { recentPerformance } from "@/lib/models/performance";

export async function Performance({ model }: { model: Model }) {
  const rows = await recentPerformance(model.slug);
  const names = new Map(model.endpoints.map(({ provider }) => [provider.slug, provider.name]));
  const providers = toProviders(rows, names);
  if (providers.length === 0)
    return (
      <Empty icon={<ActivityIcon />} title="Not called in the last 24 hours">
        Latency, throughput and uptime are measured on real requests, and there were none.
      </Empty>
    );
  return <PerformancePanel providers={providers} />;
}

function toProviders(rows: Figures[], names: Map<string, string>): ProviderPerformance[] {
  return rows
    .filter(({ hour }) => hour === null)
    .sort((a, b) => b.asked - a.asked)
    .map(({ providerSlug, hour: _whole, ...day }) => ({
      name: names.get(providerSlug) ?? providerSlug,
      day,
      hours: rows.flatMap(({ providerSlug: slug, hour, ...figures }) =>
        slug === providerSlug && hour ? [{ at: hour.getTime(), ...figures }] : [],
      ),
    }));
}
