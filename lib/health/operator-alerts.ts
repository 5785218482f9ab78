import { db } from "@/db/client";
import { type Alert, raiseOperatorAlert, resolveOperatorAlert } from "@/db/queries/operator-alerts";
import type { ProviderError } from "@/lib/errors";
import { log } from "@/lib/log";
import { processWide } from "@/lib/process-wide";
import type { Watched } from "./endpoint-health";

type About = Pick<Alert, "kind" | "subject">;

/** Those that this process raised, by the endpoint that met them. */
const raised = () => processWide("raised-alerts", () => new Map<string, About>());

/** An endpoint failed in a way that only the operator can mend: he is told in the log, and by a row that stays. */
export function outOfOrder(endpoint: Watched, error: ProviderError): void {
  const { modelSlug, provider } = endpoint;
  const alert =
    error.failure === "misconfigured"
      ? {
          ...({ kind: "unknown_model", subject: `${provider.slug} ${modelSlug}` } as const),
          message: `${provider.name} does not know ${modelSlug} by the name that this server has for it.`,
        }
      : {
          ...({ kind: "provider_credential", subject: provider.slug } as const),
          message: `${provider.name} refuses this server's key, or its account there has no money left.`,
        };
  const detail = error.cause instanceof Error ? error.cause.message : null;
  raised().set(endpoint.id, { kind: alert.kind, subject: alert.subject });
  log().error({ alert: alert.kind, subject: alert.subject, detail: detail ?? undefined }, alert.message);
  raiseOperatorAlert(db(), { ...alert, detail }).catch((err) => log().warn({ err }, "an alert could not be kept"));
}

/** It answers again. */
export function mended({ id }: Watched): void {
  const about = raised().get(id);
  if (!about) return;
  raised().delete(id);
  log().info({ alert: about.kind, subject: about.subject }, "an endpoint that was out answers again");
  resolveOperatorAlert(db(), about.kind, about.subject).catch((err) =>
    log().warn({ err }, "an alert could not be resolved"),
  );
}
