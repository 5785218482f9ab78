import { moneyStatement } from "../client";
import { type Actor, actorJson } from "./audit";

export type Decision = {
  /** Nano-USD; negative takes away, at most what is there. */
  amount: bigint;
  /** The same reference twice is booked once. */
  reference: string;
  reason: string;
};

/**
 * Gives an account credits that somebody decided on, or takes them away, and writes who and why, both or neither.
 * @throws the driver's error with code LG402 when there is not that much to take away, LG409 when the reference is booked already, for
 * another account or amount
 */
export async function adjustCredits(accountId: string, decision: Decision, actor: Actor): Promise<"ok" | "already"> {
  const { amount, reference, reason } = decision;
  const [row] = await moneyStatement<{ outcome: "ok" | "already" }[]>(
    (sql) => sql`
      select credit_audited(${accountId}, ${amount.toString()}::text::bigint, 'adjustment', 'operator', ${reference},
        ${actorJson({ ...actor, reason })}::text::jsonb) as outcome`,
  );
  return row?.outcome ?? "already";
}
