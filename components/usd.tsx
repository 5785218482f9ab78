import { formatUsd, type Nanos } from "@/lib/money";
import { cn } from "./ui/cn";

/**
 * An amount, exact to the nano-dollar. What follows the cents is set quieter and never left out; below a cent it is all
 * there is, and stays as loud as the rest.
 */
export function Usd({ nanos, className }: { nanos: Nanos; className?: string }) {
  const { loud, quiet } = usdParts(nanos);
  return (
    <span className={cn("whitespace-nowrap tabular-nums", className)}>
      {loud}
      {quiet && <span className="text-muted-foreground">{quiet}</span>}
    </span>
  );
}

/** 1_234_567_891_000n → "$1,234.56" and "7891"; together always the exact amount. */
export function usdParts(nanos: Nanos): { loud: string; quiet: string } {
  const [whole = "0", fraction = ""] = formatUsd(nanos < 0n ? -nanos : nanos).split(".");
  const dollars = `${nanos < 0n ? "−" : ""}$${whole.replace(/\B(?=(\d{3})+$)/g, ",")}`;
  const cents = fraction.padEnd(2, "0").slice(0, 2);
  if (whole === "0" && cents === "00") return { loud: `${dollars}.${fraction.padEnd(2, "0")}`, quiet: "" };
  return { loud: `${dollars}.${cents}`, quiet: fraction.slice(2) };
}

/** The same on one line, for labels and titles. */
export function usdText(nanos: Nanos): string {
  const { loud, quiet } = usdParts(nanos);
  return loud + quiet;
}
