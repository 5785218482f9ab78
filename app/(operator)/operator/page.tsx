import { CircleCheckIcon } from "lucide-react";
import { Suspense } from "react";
import { LiveSwitch } from "@/components/activity/live-switch";
import { AlertList } from "@/components/operator/alert-list";
import { type CircuitLine, CircuitTable } from "@/components/operator/circuit-table";
import { PageHeader } from "@/components/page-header";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import type { Operator } from "@/db/operator";
import { listEndpoints } from "@/db/queries/catalogue";
import { listOperatorAlerts } from "@/db/queries/operator-alerts";
import { requireOperator } from "@/lib/auth/session";
import { liveReports } from "@/lib/health/live";
import { resolveAlertAction } from "./actions";

export const metadata = { title: "Health" };

export default async function HealthPage() {
  const operator = await requireOperator();
  return (
    <>
      <PageHeader
        title="Health"
        description="What only you can mend, and how endpoints fare just now, as every process of this server sees them together."
      >
        <LiveSwitch />
      </PageHeader>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
        <Suspense fallback={<Skeleton className="h-24 w-full" />}>
          <Alerts operator={operator} />
        </Suspense>
        <Suspense fallback={<Skeleton className="h-64 w-full" />}>
          <Circuits operator={operator} />
        </Suspense>
      </div>
    </>
  );
}

async function Alerts({ operator }: { operator: Operator }) {
  const alerts = await listOperatorAlerts(operator.database);
  return (
    <section className="grid gap-3">
      <h2 className="text-[15px] font-medium">Alerts</h2>
      {alerts.length === 0 ? (
        <Empty icon={<CircleCheckIcon />} title="Nothing to mend">
          A provider that refuses this server's key, or does not know a model, stands here until it answers again.
        </Empty>
      ) : (
        <AlertList alerts={alerts} resolve={resolveAlertAction} />
      )}
    </section>
  );
}

async function Circuits({ operator }: { operator: Operator }) {
  const [reports, endpoints] = await Promise.all([liveReports(operator), listEndpoints(operator.database)]);
  const named = new Map(endpoints.map(({ endpoint }) => [endpoint.id, endpoint]));
  const lines = reports.flatMap(({ id, circuit, throttled, windows }): CircuitLine[] => {
    const endpoint = named.get(id);
    if (!endpoint) return [];
    const { answered, failed, latency, throughput } = windows["5m"];
    // What is well and was not asked is no news.
    if (circuit === "closed" && !throttled && answered + failed === 0) return [];
    return [
      {
        ...{ id, circuit, throttled, answered, failed },
        model: endpoint.modelSlug,
        provider: endpoint.variant ? `${endpoint.providerSlug}/${endpoint.variant}` : endpoint.providerSlug,
        latency: latency?.p50,
        throughput: throughput?.p50,
      },
    ];
  });
  const ailing = ({ circuit, throttled }: CircuitLine) => (circuit === "closed" ? 0 : 2) + (throttled ? 1 : 0);
  lines.sort(
    (one, other) => ailing(other) - ailing(one) || other.failed - one.failed || (one.model < other.model ? -1 : 1),
  );
  return (
    <section className="grid gap-3">
      <h2 className="text-[15px] font-medium">Endpoints, of the last five minutes</h2>
      {lines.length === 0 ? (
        <Empty title="Nobody was asked">Endpoints stand here for some minutes after they were asked.</Empty>
      ) : (
        <CircuitTable lines={lines} />
      )}
    </section>
  );
}
