import { sql } from "drizzle-orm";
import type { Database } from "../client";

/** One movement of money between Stripe and us, by Stripe's id of it. Cents of what was moved, always positive. */
export type Movement = {
  kind: "topup" | "refund" | "refund_reversed" | "dispute_hold" | "dispute_won";
  id: string;
  minor: bigint;
};

/** What our rows say was moved: those of a time, and those of these ids whenever they were. */
export async function listMovements(
  db: Database,
  { since, until, ids }: { since: Date; until: Date; ids: string[] },
): Promise<(Movement & { inTime: boolean })[]> {
  const rows = await db.execute<{ kind: Movement["kind"]; id: string; minor: string; in_time: boolean }>(sql`
    with said as (
      select 'topup' as kind, payment_intent_id as id, expected_amount_minor::bigint + fee_minor + tax_minor as minor, resolved_at as at
        from payments where status = 'paid'
      union all
      select b.kind, r.id, r.amount_minor, b.at from refunds r, lateral (values
          ('refund', r.booked_nano > 0 or r.refusal is not null, r.created_at),
          ('refund_reversed', r.reversed_nano > 0, r.updated_at)) as b(kind, moved, at)
       where b.moved and r.payment_id is not null
      union all
      select b.kind, d.id, b.minor, d.status_at from disputes d, lateral (values
          ('dispute_hold', d.funds is not null, d.amount_minor),
          ('dispute_won', d.funds = 'reinstated', coalesce(d.reinstated_minor, d.amount_minor))) as b(kind, moved, minor)
       where b.moved and d.payment_id is not null
    )
    select kind, id, minor, at between ${since.toISOString()}::timestamptz and ${until.toISOString()}::timestamptz as in_time from said
     where at between ${since.toISOString()}::timestamptz and ${until.toISOString()}::timestamptz
        or id in (select jsonb_array_elements_text(${JSON.stringify(ids)}::text::jsonb))`);
  return rows.map(({ kind, id, minor, in_time }) => ({ kind, id, minor: BigInt(minor), inTime: in_time }));
}

/** Of these payment intents, those that paid a purchase of ours. */
export async function listOwnIntents(db: Database, intents: string[]): Promise<Set<string>> {
  const rows = await db.execute<{ id: string }>(sql`
    select payment_intent_id as id from payments
     where payment_intent_id in (select jsonb_array_elements_text(${JSON.stringify(intents)}::text::jsonb))`);
  return new Set(rows.map(({ id }) => id));
}
