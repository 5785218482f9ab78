import { z } from "zod";
import { isLedgerGroup, ledgerGroups } from "@/components/credits/ledger-kinds";
import type { LedgerCursor, LedgerFilter } from "@/db/queries/ledger";

const DAY_MS = 86_400_000;

/** Of the days whose next one Postgres reads as it is written here: years 1 to 9999, but for the very last. */
const day = z.iso
  .date()
  .refine((text) => text >= "0001" && text < "9999-12-31")
  .optional()
  .catch(undefined);
const id = z
  .string()
  .regex(/^\d{1,18}$/)
  .transform(BigInt)
  .optional()
  .catch(undefined);

const address = z.object({ kind: z.string().optional().catch(undefined), from: day, until: day, older: id, newer: id });

/** What a ledger's address asks for. What does not make sense in it is left out, as if it were not there. */
export function readLedgerAddress(params: Record<string, string | string[] | undefined>) {
  const { kind, from, until, older, newer } = address.parse(params);
  const group = isLedgerGroup(kind) ? kind : undefined;
  const filter: LedgerFilter = {
    ...(group && { kinds: ledgerGroups[group].kinds }),
    ...(from && { from: new Date(from) }),
    ...(until && { until: new Date(new Date(until).getTime() + DAY_MS) }),
  };
  const cursor: LedgerCursor | undefined =
    older !== undefined ? { older } : newer !== undefined ? { newer } : undefined;
  const shown = { ...(group && { kind: group }), ...(from && { from }), ...(until && { until }) };
  return { filter, cursor, shown };
}

/** The address of a ledger, with what it is narrowed to and where it stands. */
export function ledgerHref(path: string, shown: Record<string, string>, cursor: Record<string, bigint> = {}): string {
  const query = new URLSearchParams(shown);
  for (const [name, value] of Object.entries(cursor)) query.set(name, value.toString());
  return query.size > 0 ? `${path}?${query}` : path;
}
