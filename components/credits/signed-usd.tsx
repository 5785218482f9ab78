import type { Nanos } from "@/lib/money";
import { Usd } from "../usd";

/** An amount that comes in or goes out, with its sign. */
export function SignedUsd({ nanos }: { nanos: Nanos }) {
  return (
    <span className="whitespace-nowrap tabular-nums">
      {nanos > 0n && "+"}
      <Usd nanos={nanos} />
    </span>
  );
}
