import type postgres from "postgres";

/** What the simulation knows and the database does not: by how much a lowered limit was already used when it was set. */
export type Known = { usedAtLimit: Map<string, bigint> };

/** Sentences about what is wrong; none when the books are right. One statement is one snapshot: it is exact under load. */
export async function violations(sql: postgres.Sql, { usedAtLimit }: Known): Promise<string[]> {
  const rows = await sql<{ what: string; id: string; by: string }[]>`
    select 'the balance differs from its ledger' as what, account_id::text as id, posted_drift_nano::text as by from account_drift where posted_drift_nano <> 0
    union all select 'the reserve differs from the open holds', account_id::text, held_drift_nano::text from account_drift where held_drift_nano <> 0
    union all select 'the key''s reserve differs from its open holds', key_id::text, held_drift_nano::text from key_drift
    union all select 'what the key has spent differs from its log', key_id::text, spent_drift_nano::text from key_spent_drift
    union all select 'ledger, log and hold differ', generation_id, ledger_nano::text || ' / ' || log_nano::text || ' / ' || coalesce(hold_nano::text, '-') from usage_drift
    union all select 'more was charged than held', id, (settled_nano - amount_nano)::text from holds where settled_nano > amount_nano
    union all select 'more was counted than reserved', id, (settled_nano + byok_nano - coalesce(with_byok_nano, amount_nano))::text from holds
      where settled_nano + byok_nano > coalesce(with_byok_nano, amount_nano)
    union all select 'the account passed its balance', account_id::text, (posted_nano - held_nano)::text from negative_accounts where not explained
    union all select 'a source was booked twice', min(account_id::text), sum(amount_nano)::text from ledger
      group by source, source_id, kind having count(*) > 1
    union all select 'a code gave other than it was redeemed for', c.id::text, (c.used * c.amount_nano - coalesce(l.total, 0))::text from redemption_codes c
      left join (select split_part(source_id, ':', 1) as id, sum(amount_nano) as total from ledger where source = 'redemption_code' group by 1) l on l.id = c.id::text
      where c.used * c.amount_nano <> coalesce(l.total, 0) or c.used > c.uses
    union all select 'the flag and the causes of a freeze differ', account_id::text, frozen::text from freeze_drift
    union all select 'the minute''s check disagrees', subject, check_name from reconciliation_runs,
      jsonb_to_recordset(details) as d("check" text, subject text), lateral (values (d."check")) as v(check_name)
    union all select 'the audit log was changed', id::text, what from audit_drift
    union all select 'the sums of the log differ from it', account_id::text, (day_nano - log_nano)::text from activity_drift
    union all select 'the activity differs from the log', a.id::text, (given.cost - logged.cost)::text from accounts a,
      lateral (select count(*) as requests, coalesce(sum(cost_nano), 0) as cost, coalesce(sum(byok_usage_nano), 0) as byok
                 from generations where account_id = a.id) logged,
      lateral (select coalesce(sum(requests), 0) as requests, coalesce(sum(cost_nano), 0) as cost, coalesce(sum(byok_usage_nano), 0) as byok
                 from activity_between(a.id, 'hour', '-infinity', 'infinity')) given
      where given is distinct from logged`;
  const wrong = rows.map(({ what, id, by }) => `${what}: ${id}, by ${by} nano-USD`);
  const keys = await sql<{ id: string; used: string; limit_nano: string }[]>`
    select id, spent_nano + held_nano as used, limit_nano from api_keys where limit_nano is not null`;
  for (const { id, used, limit_nano } of keys) {
    const most = [BigInt(limit_nano), usedAtLimit.get(id) ?? 0n].reduce((a, b) => (a > b ? a : b));
    if (BigInt(used) > most) wrong.push(`the key passed its limit: ${id}, ${used} of ${limit_nano} nano-USD`);
  }
  return wrong;
}
