import type { Picos } from "@/lib/money";
import { usdText } from "../usd";
import { perMillion } from "./model-search";

/** What a million tokens cost, exactly. */
export function Price({ picos }: { picos: Picos | null }) {
  if (picos === null) return <span className="text-muted-foreground">–</span>;
  return <span className="whitespace-nowrap tabular-nums">{picos === 0n ? "Free" : usdText(perMillion(picos))}</span>;
}
