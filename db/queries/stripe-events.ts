import { and, inArray, isNotNull } from "drizzle-orm";
import { type Database, moneyStatement } from "../client";
import { stripeEvents } from "../schema";

/** What an event means, as `stripe_event_apply` takes it. Amounts are cents. */
export type StripeEffect =
  | ({ do: "credit"; payment: string } & PaymentFacts)
  | { do: "fail" | "expire"; payment: string; session: string }
  | { do: "decline"; payment: string; reason: "declined" | "authentication_required"; error: string | null }
  | { do: "refund"; id: string; intent: string; amount: number; currency: string; status: string }
  | ({ do: "dispute" } & DisputeFacts)
  | { do: "nothing" };

/** What Stripe says of a payment: everything that must be as we asked for it. */
export type PaymentFacts = {
  kind: "checkout" | "auto";
  session: string | null;
  reference: string | null;
  mode: string;
  payment_status: string;
  currency: string | null;
  subtotal: number | null;
  total: number | null;
  tax: number;
  customer: string | null;
  intent: string | null;
};

export type DisputeFacts = {
  id: string;
  intent: string;
  amount: number;
  currency: string;
  reason: string;
  status: string;
  /** Unix seconds. */
  at: number;
  funds: "withdrawn" | "reinstated" | null;
  reinstated: number | null;
};

type StripeEventRow = { id: string; type: string; payloadHash: string };

/** Does what an event means and notes it, in one statement; `fresh` is false where that was done before. */
export async function applyStripeEvent(
  { id, type, payloadHash }: StripeEventRow,
  effect: StripeEffect,
): Promise<{ outcome: string; fresh: boolean }> {
  const [row] = await moneyStatement<{ outcome: string; fresh: boolean }[]>(
    (statement) =>
      statement`select * from stripe_event_apply(${id}, ${type}, ${payloadHash}, ${JSON.stringify(effect)}::text::jsonb)`,
  );
  return row ?? { outcome: "already", fresh: false };
}

/** Credits a payment by what Stripe answered when it was asked; see `payment_credit` for the outcomes. */
export async function creditPayment(paymentId: string, facts: PaymentFacts): Promise<string> {
  const [row] = await moneyStatement<{ outcome: string }[]>(
    (statement) => statement`select payment_credit(${paymentId}, ${JSON.stringify(facts)}::text::jsonb) as outcome`,
  );
  return row?.outcome ?? "unknown";
}

export async function noteFailedStripeEvent({ id, type, payloadHash }: StripeEventRow, error: string): Promise<void> {
  await moneyStatement((statement) => statement`select stripe_event_failed(${id}, ${type}, ${payloadHash}, ${error})`);
}

/** Of these events, those that were processed. */
export async function listProcessedEventIds(db: Database, ids: string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .select({ id: stripeEvents.id })
    .from(stripeEvents)
    .where(and(inArray(stripeEvents.id, ids), isNotNull(stripeEvents.processedAt)));
  return new Set(rows.map(({ id }) => id));
}

/** Since when this process is to look for events that never came; undefined for all but one per interval, whoever asks. */
export async function beginCatchUp(every: string): Promise<Date | undefined> {
  const [row] = await moneyStatement<{ since: Date | null }[]>(
    (statement) => statement`select stripe_catch_up_begin(${every}) as since`,
  );
  return row?.since ?? undefined;
}

/** Every event until then is done: none of them need be looked for again. */
export async function endCatchUp(until: Date): Promise<void> {
  await moneyStatement(
    (statement) => statement`
      update stripe_catch_up set done_until = greatest(done_until, ${until.toISOString()}::timestamptz)`,
  );
}
