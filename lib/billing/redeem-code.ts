import { createHash, randomInt } from "node:crypto";
import type { Operator } from "@/db/operator";
import type { Actor } from "@/db/queries/audit";
import {
  disableRedemptionCode,
  insertRedemptionCode,
  type RedemptionCode,
  redeemHashedCode,
} from "@/db/queries/redemption-codes";
import { retrying } from "@/db/retrying";
import { AppError } from "@/lib/errors";
import type { Nanos } from "@/lib/money";

/** Crockford's: no letter that can be taken for a digit or makes a word. */
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUPS = 4;
const GROUP_LETTERS = 5;

export type NewCode = { amount: Nanos; uses: number; expiresAt: Date | null; note: string | null };

/** Makes a code of 100 random bits. It is in the answer and nowhere else: what is stored is its hash. */
export async function makeCode(
  { amount, uses, expiresAt, note }: NewCode,
  operator: Operator,
): Promise<{ code: string; row: RedemptionCode }> {
  const group = () => Array.from({ length: GROUP_LETTERS }, () => LETTERS[randomInt(LETTERS.length)]).join("");
  const groups = Array.from({ length: GROUPS }, group);
  const code = groups.join("-");
  return operator.decide(async (tx) => {
    const made = { hash: hashCode(code), label: `${groups[0]}-…`, amountNano: amount, uses, expiresAt, note };
    const row = await insertRedemptionCode(tx, made);
    const target = { kind: "code", id: row.id };
    return { value: { code, row }, note: { action: "code.create", target, after: noted(row) } };
  });
}

/** Nobody can redeem it any more. @throws AppError `not_found` */
export const voidCode = (id: string, operator: Operator): Promise<RedemptionCode> =>
  operator.decide(async (tx) => {
    const row = await disableRedemptionCode(tx, id);
    if (!row) throw new AppError("not_found", "There is no such code.");
    return { value: row, note: { action: "code.disable", target: { kind: "code", id }, after: noted(row) } };
  });

const noted = ({ label, amountNano, uses, used, note, expiresAt }: RedemptionCode) => ({
  ...{ label, amountNano, uses, used, note, expiresAt },
});

/**
 * Turns a code into credits on the account; returns how much it gave.
 * @throws AppError `conflict` when this account has redeemed it, `not_found` when it cannot be redeemed, for whatever
 * reason, `rate_limit_exceeded` after ten wrong codes within an hour
 */
export async function redeemCode(accountId: string, code: string, actor: Actor): Promise<Nanos> {
  const { outcome, amount } = await retrying(() => redeemHashedCode(accountId, hashCode(code), actor));
  switch (outcome) {
    case "ok":
      return amount;
    case "already":
      throw new AppError("conflict", "You have redeemed this code already.");
    case "throttled":
      throw new AppError("rate_limit_exceeded", "Too many codes that are not valid. Try again in an hour.", {
        retryAfter: 3600,
      });
    case "refused":
      throw new AppError("not_found", "This code is not valid, or no longer.");
  }
}

/** As it is read off a card: small letters, strokes and spaces do not matter, nor O for 0, I or L for 1. */
const hashCode = (code: string) =>
  createHash("sha256")
    .update(code.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1"))
    .digest("hex");
