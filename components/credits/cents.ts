import { type Nanos, parseUsd } from "@/lib/money";

const NANOS_PER_CENT = 10_000_000n;

export const centsToNanos = (cents: number): Nanos => BigInt(cents) * NANOS_PER_CENT;

/** Whole US cents of an amount as someone types it; undefined when it is none. */
export function readCents(text: string): number | undefined {
  try {
    const nanos = parseUsd(text.trim().replace(/^\$\s*/, ""));
    return nanos % NANOS_PER_CENT === 0n ? Number(nanos / NANOS_PER_CENT) : undefined;
  } catch {
    return undefined;
  }
}

/** Added to a purchase of this many cents; rounded up to a cent. */
export const feeCents = (cents: number, feeBasisPoints: number): number =>
  Number((BigInt(cents) * BigInt(feeBasisPoints) + 9_999n) / 10_000n);
