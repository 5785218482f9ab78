import type postgres from "postgres";

type Change = {
  routine: string;
  from: string;
  to: string;
  /** What else has to go: a second booking would be stopped by the database itself, were that not lifted with the guard. */
  alter?: string;
};

const CREDITS_ONCE = "alter table ledger drop constraint ledger_source";
const CHARGES_ONCE = `${CREDITS_ONCE}; create unique index on ledger (source, source_id, kind) where source <> 'generation'`;

/**
 * Guards that can be taken out of the money functions, one at a time. A simulation over the broken functions must report
 * a violation: one that does not has proved nothing about the whole ones either.
 */
export const controls: Record<string, Change> = {
  "balance-minus-held": {
    routine: "holds_open",
    from: "v_free := item.posted_nano - item.held_nano - item.floor_nano;",
    to: "v_free := item.posted_nano - item.floor_nano;",
  },
  "account-lock": {
    routine: "holds_open",
    from: "perform 1 from accounts where id = any (v_accounts) order by id for no key update;",
    to: "perform pg_sleep(0.002);",
  },
  "key-limit": {
    routine: "holds_open",
    from: "least(v_free, v_key_free, v_budget_free);",
    to: "least(v_free, v_budget_free);",
  },
  "charge-cap": {
    routine: "holds_settle",
    from: "settled_nano = least(c.cost, h.amount_nano),",
    to: "settled_nano = c.cost,",
  },
  "settle-once": { routine: "holds_settle", from: "and h.status = 'open'\n", to: "\n", alter: CHARGES_ONCE },
  "settle-lock": {
    routine: "holds_settle",
    from: "holds_lock_payers(array(select id from holds where id = any (v_ids) order by id for update skip locked))",
    to: "v_ids",
    alter: CHARGES_ONCE,
  },
  "sweep-lock": { routine: "holds_expire", from: "for update skip locked", to: "", alter: CHARGES_ONCE },
  "booked-once": { routine: "credit", from: "on conflict do nothing", to: "", alter: CREDITS_ONCE },
  "take-what-is-there": { routine: "credit_audited", from: "if p_amount < 0 and", to: "if false and" },
  "code-uses": {
    routine: "code_redeem",
    from: "or v_code.used >= v_code.uses",
    to: "",
    alter: "alter table redemption_codes drop constraint redemption_codes_used_within_uses",
  },
  "late-room": {
    routine: "holds_settle",
    from: "v_due := greatest(0, least(v_due, v_free, v_key_free, v_budget_free));",
    to: "null;",
  },
  "expiry-charge": {
    routine: "holds_expire",
    from: "posted_nano = a.posted_nano - s.charge",
    to: "posted_nano = a.posted_nano",
  },
  "limit-carries-holds": {
    routine: "key_set_limit",
    from: "select coalesce(sum(limit_part(amount_nano, with_byok_nano, v_counts_byok)), 0)",
    to: "select coalesce(sum(0), 0)",
  },
  "byok-cap": {
    routine: "holds_settle",
    from: "least(c.byok, coalesce(h.with_byok_nano, h.amount_nano) - least(c.cost, h.amount_nano))",
    to: "c.byok",
  },
  "byok-counts": {
    routine: "holds_settle",
    from: "then limit_part(d.charge, d.charge_with_byok, own.include_byok_in_limit)",
    to: "then d.charge",
  },
  "byok-limit": {
    routine: "holds_open",
    from: "case when item.include_byok_in_limit then v_key_free end, ",
    to: "",
  },
  "byok-change": {
    routine: "key_set_limit",
    from: "sum(limit_part(cost_nano, cost_nano + byok_usage_nano, v_counts_byok))",
    to: "sum(cost_nano)",
  },
};

/** Takes one guard out. */
export async function breakGuard(sql: postgres.Sql, name: string): Promise<void> {
  const change = controls[name];
  if (!change) throw new Error(`there is no guard ${name}; there are ${Object.keys(controls).join(", ")}`);
  const [row] = await sql`select pg_get_functiondef(oid) as definition from pg_proc where proname = ${change.routine}`;
  const definition: string = row?.definition ?? "";
  if (!definition.includes(change.from))
    throw new Error(`${change.routine} has changed: the guard ${name} is not where it was`);
  if (change.alter) await sql.unsafe(change.alter);
  await sql.unsafe(definition.replace(change.from, change.to));
}
