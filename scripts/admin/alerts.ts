import { Operator } from "@/db/operator";
import { listEndpoints } from "@/db/queries/catalogue";
import { listOperatorAlerts } from "@/db/queries/operator-alerts";
import { liveReports } from "@/lib/health/live";
import { resolveAlert } from "@/lib/operator/alerts";
import { command, oneOf, required } from "./command";

const operator = Operator.atTheCommandLine();

export const alertCommands = {
  list: command("List what only you can mend, the open alerts first.", {}, () => listOperatorAlerts(operator.database)),
  resolve: command(
    "Say that an alert's cause is mended. It is raised again when it is met again.",
    { kind: { type: "string" }, subject: { type: "string" } },
    async (options) => {
      const kind = oneOf(required(options.kind, "kind"), ["provider_credential", "unknown_model"], "kind");
      const subject = required(options.subject, "subject");
      await resolveAlert(operator, kind, subject);
      return { kind, subject, resolved: true };
    },
  ),
};

export const circuitCommands = {
  list: command(
    "List the endpoints that were asked in the last minutes: circuits, throttles, answers and failures, as all processes see them together.",
    {},
    async () => {
      const [reports, endpoints] = await Promise.all([liveReports(operator), listEndpoints(operator.database)]);
      const named = new Map(endpoints.map(({ endpoint }) => [endpoint.id, endpoint]));
      return reports.map((report) => ({
        model: named.get(report.id)?.modelSlug,
        provider: named.get(report.id)?.providerSlug,
        ...report,
      }));
    },
  ),
};
