import { createHash } from "node:crypto";
import { env } from "@/lib/env";
import { parseUsd } from "@/lib/money";
import { moneyStatement } from "../client";

/**
 * Gives the credit of SIGN_UP_CREDIT to the account of a user whose address is verified, once a person: an address with
 * another tag, or with other dots at Gmail, is the same one. Call it as often as you like.
 */
export async function grantSignUpCredit(userId: string): Promise<"ok" | "already" | "off"> {
  const amount = parseUsd(env().SIGN_UP_CREDIT ?? "0");
  if (amount === 0n) return "off";
  const [user] = await moneyStatement<{ email: string; accountId: string }[]>(
    (sql) => sql`select email, account_id as "accountId" from users where id = ${userId}`,
  );
  if (!user) throw new Error("there is no such user");
  const [row] = await moneyStatement<{ outcome: "ok" | "already" }[]>(
    (sql) =>
      sql`select sign_up_credit(${user.accountId}, ${amount.toString()}::text::bigint, ${personOf(user.email)}) as outcome`,
  );
  return row?.outcome ?? "already";
}

/** The ledger keeps it for ever, so it is not the address itself. */
const personOf = (email: string) => createHash("sha256").update(personalAddress(email)).digest("hex");

/** The address without what its owner can vary at will. */
export function personalAddress(email: string): string {
  const address = email.normalize("NFKC").trim().toLowerCase();
  const at = address.lastIndexOf("@");
  const domain = address.slice(at + 1);
  const local = address.slice(0, at).replace(/(?<=.)\+.*$/, "");
  const gmail = domain === "gmail.com" || domain === "googlemail.com";
  return gmail ? `${local.replaceAll(".", "")}@gmail.com` : `${local}@${domain}`;
}
