import type Stripe from "stripe";
import { db } from "@/db/client";
import { listMovements, listOwnIntents, type Movement } from "@/db/queries/stripe-books";
import { paymentIdOf } from "./payment-facts";
import { idOf, stripe } from "./stripe";

/** What the two sides say of one movement, in cents; null where a side does not know it. */
export type BooksDifference = Pick<Movement, "kind" | "id"> & { stripeMinor: bigint | null; ourMinor: bigint | null };

/** A webhook may come this much later than the money moved. */
const LATEST_MS = 3 * 24 * 60 * 60_000;
/** What moved a moment ago may still be on its way here. */
const GRACE_MS = 10 * 60_000;

type Found = Movement & { intent: string | null; isOurs: boolean; at: number };

/**
 * Compares what Stripe's balance says was paid, paid back and contested with our rows, both ways. Stripe's other
 * business on the same account is left out. For an operator, on demand: it reads every balance transaction of the time.
 *
 * @param graceMs what Stripe moved later than this before `until` need not be known here yet
 */
export async function compareWithStripe(
  since: Date,
  until: Date,
  graceMs = GRACE_MS,
): Promise<{ compared: number; differences: BooksDifference[] }> {
  const found: Found[] = [];
  const created = { gte: unix(since.getTime() - LATEST_MS), lte: unix(until.getTime()) };
  for await (const move of stripe().balanceTransactions.list({ created, limit: 100, expand: ["data.source"] })) {
    const movement = toMovement(move);
    if (movement) found.push(movement);
  }
  const own = await listOwnIntents(
    db(),
    found.flatMap(({ intent }) => intent ?? []),
  );
  const theirs = found.filter(({ isOurs, intent }) => isOurs || (intent !== null && own.has(intent)));
  const ours = await listMovements(db(), { since, until, ids: theirs.map(({ id }) => id) });

  const ourMinor = new Map(ours.map((movement) => [nameOf(movement), movement.minor]));
  const known = new Set(theirs.map(nameOf));
  const recent = unix(until.getTime() - graceMs);
  const differences: BooksDifference[] = [
    ...theirs
      .map(({ kind, id, minor, at }) => ({
        kind,
        id,
        stripeMinor: minor,
        ourMinor: ourMinor.get(nameOf({ kind, id })) ?? null,
        at,
      }))
      .filter(({ stripeMinor, ourMinor, at }) => stripeMinor !== ourMinor && (ourMinor !== null || at <= recent))
      .map(({ at: _, ...difference }) => difference),
    ...ours
      .filter((movement) => movement.inTime && !known.has(nameOf(movement)))
      .map(({ kind, id, minor }) => ({ kind, id, stripeMinor: null, ourMinor: minor })),
  ];
  return { compared: theirs.length, differences };
}

const unix = (ms: number) => Math.floor(ms / 1000);
const nameOf = ({ kind, id }: Pick<Movement, "kind" | "id">) => `${kind} ${id}`;

function toMovement({ type, source, amount, created: at }: Stripe.BalanceTransaction): Found | undefined {
  if (typeof source !== "object" || source === null || !("object" in source)) return undefined;
  switch (source.object) {
    case "charge": {
      const intent = idOf(source.payment_intent);
      if (intent === null || (type !== "charge" && type !== "payment")) return undefined;
      const isOurs = paymentIdOf(source) !== undefined;
      return { kind: "topup", id: intent, minor: BigInt(source.amount), intent, isOurs, at };
    }
    case "refund": {
      // A refund takes from the balance, and one that failed gives back to it.
      const kind = amount < 0 ? "refund" : "refund_reversed";
      return {
        kind,
        id: source.id,
        minor: BigInt(source.amount),
        intent: idOf(source.payment_intent),
        isOurs: false,
        at,
      };
    }
    case "dispute": {
      const back = source.balance_transactions.filter((move) => move.currency === source.currency && move.amount > 0);
      const minor = amount < 0 || back.length === 0 ? source.amount : back.reduce((sum, move) => sum + move.amount, 0);
      const kind = amount < 0 ? "dispute_hold" : "dispute_won";
      return { kind, id: source.id, minor: BigInt(minor), intent: idOf(source.payment_intent), isOurs: false, at };
    }
    default:
      return undefined;
  }
}
