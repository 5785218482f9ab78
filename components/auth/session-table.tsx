import { LocalTime } from "@/components/local-time";
import { ActionForm } from "./action-form";

type Session = { id: string; createdAt: Date; lastSeenAt: Date; userAgent: string | null; address: string | null };
type Result = { ok: true; data: unknown } | { ok: false; message: string };

export function SessionTable({
  sessions,
  currentId,
  end,
}: {
  sessions: Session[];
  currentId: string;
  end: (form: FormData) => Promise<Result>;
}) {
  return (
    <ul className="divide-y">
      {sessions.map((session) => (
        <li key={session.id} className="flex flex-wrap items-center justify-between gap-3 py-3">
          <div className="min-w-0 text-sm">
            <p className="font-medium">
              {deviceOf(session.userAgent)}
              {session.id === currentId && <span className="font-normal text-muted-foreground"> (this one)</span>}
            </p>
            <p className="text-muted-foreground">
              {session.address ?? "unknown address"}, last seen <LocalTime at={session.lastSeenAt} />
            </p>
          </div>
          {session.id !== currentId && (
            <ActionForm action={end} hidden={{ sessionId: session.id }} submit="Sign out" variant="outline" />
          )}
        </li>
      ))}
    </ul>
  );
}

/** As much of a browser's name for itself as a person can use. */
function deviceOf(userAgent: string | null): string {
  if (!userAgent) return "Unknown device";
  const browser = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(userAgent)?.[1];
  const system = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(userAgent)?.[1];
  const name = { Edg: "Edge", OPR: "Opera" }[browser ?? ""] ?? browser;
  return [name, system?.replace("Mac OS X", "macOS")].filter(Boolean).join(" on ") || userAgent.slice(0, 60);
}
