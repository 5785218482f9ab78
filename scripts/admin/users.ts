import { randomUUID } from "node:crypto";
import { db } from "@/db/client";
import { creditAccount, findUserByEmail, insertUser, listUsers } from "@/db/queries/accounts";
import { hashPassword } from "@/lib/auth/password";
import { formatUsd, parseUsd } from "@/lib/money";
import { command, oneOf, required } from "./command";

export const userCommands = {
  create: command(
    "Make a user, with credits if you like (US dollars).",
    {
      email: { type: "string" },
      password: { type: "string" },
      credits: { type: "string" },
      role: { type: "string", default: "user" },
    },
    async ({ email, password, credits, role }) => {
      const address = required(email, "email").trim().toLowerCase();
      if (!/^[^\s@]+@[^\s@]+$/.test(address)) throw new Error("--email must be an e-mail address");
      if (password !== undefined && password.length < 8) throw new Error("--password must have at least 8 characters");
      const amount = credits === undefined ? 0n : parseUsd(credits);
      const user = await insertUser({
        email: address,
        passwordHash: password === undefined ? null : await hashPassword(password),
        role: oneOf(role ?? "user", ["user", "operator"], "role"),
      });
      if (!user) throw new Error(`there is a user ${address} already`);
      if (amount > 0n) await creditAccount(user.accountId, grant(amount, `user:${user.id}`));
      return { ...user, email: address, credits: formatUsd(amount) };
    },
  ),
  grant: command(
    "Give a user credits (US dollars). With --reference, the same grant twice is booked once.",
    {
      user: { type: "string" },
      email: { type: "string" },
      credits: { type: "string" },
      reference: { type: "string" },
    },
    async ({ user: name, email, credits, reference }) => {
      const user = await userByEmail(name ?? email);
      const amount = parseUsd(required(credits, "credits"));
      if (amount === 0n) throw new Error("--credits must be more than nothing");
      const outcome = await creditAccount(user.accountId, grant(amount, reference ?? randomUUID()));
      return { email: user.email, accountId: user.accountId, credits: formatUsd(amount), outcome };
    },
  ),
  list: command("List users with their balances (US dollars).", {}, async () =>
    (await listUsers(db())).map(({ balanceNano, heldNano, ...user }) => ({
      ...user,
      balance: formatUsd(balanceNano),
      held: formatUsd(heldNano),
    })),
  ),
};

export async function userByEmail(email: string | undefined) {
  const address = required(email, "user");
  const user = await findUserByEmail(db(), address);
  if (!user) throw new Error(`there is no user ${address}`);
  return user;
}

const grant = (amount: bigint, sourceId: string) => ({
  amount,
  kind: "adjustment" as const,
  source: "operator",
  sourceId,
});
