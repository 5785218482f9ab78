import type { Operator } from "@/db/operator";
import { adjustCredits } from "@/db/queries/credits";
import {
  deleteFreeze,
  deleteSessions,
  findPerson,
  insertFreeze,
  lockPerson,
  type Person,
  updatePersonRole,
} from "@/db/queries/people";
import { AppError } from "@/lib/errors";
import type { Nanos } from "@/lib/money";

/** The source of freezes that an operator sets; each cause of others has its own. */
const BY_HAND = "by hand";

export type Grant = {
  /** Negative takes away, at most what is there. */
  amount: Nanos;
  reason: string;
  /** The same reference twice is booked once. */
  reference: string;
};

/**
 * Gives a user credits or takes some away.
 * @throws AppError `not_found`; `payment_required` when there is not that much; `conflict` when the reference was booked
 * for something else
 */
export async function grantCredits(operator: Operator, userId: string, grant: Grant): Promise<"ok" | "already"> {
  const { accountId } = await requirePerson(operator, userId);
  if (grant.amount === 0n) throw new AppError("invalid_request", "An amount that is not zero.");
  return adjustCredits(accountId, grant, operator.actor).catch((error) => {
    if (codeOf(error) === "LG402") throw new AppError("payment_required", "The account has no more than that.");
    if (codeOf(error) === "LG409")
      throw new AppError("conflict", "That reference was booked already, with another amount or for somebody else.");
    throw error;
  });
}

/** No request of a frozen account is served. Freezing it again changes nothing. */
export const freezePerson = (operator: Operator, userId: string, reason: string): Promise<void> =>
  operator.decide(async (tx) => {
    const person = (await lockPerson(tx, userId)) ?? nobody();
    const changed = await insertFreeze(tx, person.accountId, BY_HAND);
    const target = { kind: "account", id: person.accountId };
    return { value: undefined, note: changed ? { action: "account.freeze", target, reason } : null };
  });

/** Lifts one cause; while another holds, the account stays frozen. */
export const unfreezePerson = (
  operator: Operator,
  userId: string,
  cause: { reason: string; source: string } = { reason: "operator", source: BY_HAND },
): Promise<boolean> =>
  operator.decide(async (tx) => {
    const person = (await lockPerson(tx, userId)) ?? nobody();
    const changed = await deleteFreeze(tx, person.accountId, cause.reason, cause.source);
    const target = { kind: "account", id: person.accountId };
    return { value: changed, note: changed ? { action: "account.unfreeze", target, before: cause } : null };
  });

/** He is signed out everywhere. @throws AppError `conflict` for the last operator */
export const setRole = (operator: Operator, userId: string, role: Person["role"]): Promise<void> =>
  operator
    .decide(async (tx) => {
      const person = (await lockPerson(tx, userId)) ?? nobody();
      if (person.role === role) return { value: undefined, note: null };
      await updatePersonRole(tx, userId, role);
      const target = { kind: "user", id: userId };
      return {
        value: undefined,
        note: { action: "user.role", target, before: { role: person.role }, after: { role } },
      };
    })
    .catch((error) => {
      if (codeOf(error) === "LG005") throw new AppError("conflict", "The last operator cannot be removed.");
      throw error;
    });

/** Returns how many sessions those were. */
export const endSessionsOf = (operator: Operator, userId: string): Promise<number> =>
  operator.decide(async (tx) => {
    if (!(await lockPerson(tx, userId))) nobody();
    const ended = await deleteSessions(tx, userId);
    const target = { kind: "user", id: userId };
    return { value: ended, note: ended > 0 ? { action: "user.end_sessions", target, after: { ended } } : null };
  });

/** @throws AppError `not_found` */
export const requirePerson = async (operator: Operator, userId: string): Promise<Person> =>
  (await findPerson(operator, userId)) ?? nobody();

function nobody(): never {
  throw new AppError("not_found", "There is no such user.");
}

/** The driver's code, also where Drizzle has wrapped its error. */
function codeOf(error: unknown): unknown {
  const thrown = error as { code?: unknown; cause?: { code?: unknown } } | null;
  return thrown?.code ?? thrown?.cause?.code;
}
