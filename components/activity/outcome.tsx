import { Badge } from "../ui/badge";
import type { outcomes } from "./log-search";

type Outcome = (typeof outcomes)[number];

export const outcomeNames: Record<Outcome, string> = {
  completed: "Completed",
  cancelled: "Hung up",
  failed: "Failed",
  expired: "Cut off",
};

const variants = { completed: "outline", cancelled: "outline", failed: "destructive", expired: "warning" } as const;

/** How a request ended, in a word; of one that was answered, why the answer ended where it did. */
export function OutcomeBadge({ outcome, reason }: { outcome: Outcome; reason?: string | null }) {
  if (outcome === "completed")
    return <span className="text-muted-foreground">{(reason ?? "completed").replaceAll("_", " ")}</span>;
  return <Badge variant={variants[outcome]}>{outcomeNames[outcome]}</Badge>;
}
