import type { Action } from "../forms/use-action";
import { LocalTime } from "../local-time";
import { Badge } from "../ui/badge";
import { Decision } from "./decision";

export type AlertLine = {
  kind: string;
  subject: string;
  message: string;
  /** The upstream's own words, without its key. */
  detail: string | null;
  times: number;
  raisedAt: Date;
  lastAt: Date;
  resolvedAt: Date | null;
};

/** What only the operator can mend. */
export function AlertList({ alerts, resolve }: { alerts: AlertLine[]; resolve: Action<FormData> }) {
  return (
    <ul className="divide-y rounded-lg border">
      {alerts.map((alert) => (
        <li
          key={`${alert.kind} ${alert.subject}`}
          className="flex flex-wrap items-start justify-between gap-3 px-4 py-3"
        >
          <div className="min-w-0 flex-1 basis-64 text-sm">
            <p className="flex flex-wrap items-center gap-2 font-medium">
              {alert.message}
              {alert.resolvedAt ? <Badge variant="success">Mended</Badge> : <Badge variant="destructive">Open</Badge>}
            </p>
            {alert.detail && <p className="mt-1 font-mono text-xs break-all text-muted-foreground">{alert.detail}</p>}
            <p className="mt-1 text-[13px] text-muted-foreground">
              {alert.times === 1 ? "Met once" : `Met ${alert.times.toLocaleString("en-US")} times`}, first{" "}
              <LocalTime at={alert.raisedAt} />, last <LocalTime at={alert.lastAt} />
            </p>
          </div>
          {!alert.resolvedAt && (
            <Decision
              label="Mended"
              title="Is its cause mended?"
              action={resolve}
              input={{ kind: alert.kind, subject: alert.subject }}
              done="The alert is closed."
            >
              {alert.message} The alert is closed, and raised again when it is met again.
            </Decision>
          )}
        </li>
      ))}
    </ul>
  );
}
