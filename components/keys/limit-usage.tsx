import type { Nanos } from "@/lib/money";
import { cn } from "../ui/cn";
import { Usd } from "../usd";
import type { Reset } from "./key-row";

const windows: Record<Reset, string> = { none: "", daily: " today", weekly: " this week", monthly: " this month" };

/** How much of a key's limit is used: exact in figures, and a bar for the eye. */
export function LimitUsage({ spent, limit, reset }: { spent: Nanos; limit: Nanos | null; reset: Reset }) {
  if (limit === null)
    return (
      <p className="text-[13px] text-muted-foreground">
        <Usd nanos={spent} className="text-foreground" />, no limit
      </p>
    );
  const percent = limit === 0n || spent >= limit ? 100 : Number((spent * 1000n) / limit) / 10;
  return (
    <div className="min-w-44">
      <p className="text-[13px] whitespace-nowrap">
        <Usd nanos={spent} /> <span className="text-muted-foreground">of</span> <Usd nanos={limit} />
        <span className="text-muted-foreground">{windows[reset]}</span>
      </p>
      <div aria-hidden="true" className="mt-1 h-1 overflow-hidden rounded-full bg-secondary">
        <div
          className={cn("h-full rounded-full", percent >= 100 ? "bg-destructive" : "bg-brand")}
          style={{ width: `${percent}%` }}
        />
      </div>
    </div>
  );
}
