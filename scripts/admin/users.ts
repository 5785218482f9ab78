import { randomUUID } from "node:crypto";
import { db } from "@/db/client";
import { findUserByEmail, insertUser, listUsers } from "@/db/queries/accounts";
import { recordAudit } from "@/db/queries/audit";
import { adjustCredits } from "@/db/queries/credits";
import { updatePassword, updateRole } from "@/db/queries/users";
import { normalizeEmail } from "@/lib/auth/email-address";
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
      const address = normalizeEmail(required(email, "email"));
      const amount = credits === undefined ? 0n : parseUsd(credits);
      const user = await insertUser({
        email: address,
        passwordHash: password === undefined ? null : await hashPassword(password),
        role: oneOf(role ?? "user", ["user", "operator"], "role"),
      });
      if (!user) throw new Error(`there is a user ${address} already`);
      const decision = { amount, reference: `user:${user.id}`, reason: "given with the user" };
      if (amount > 0n) await adjustCredits(user.accountId, decision, { actor: "operator-cli" });
      return { ...user, email: address, credits: formatUsd(amount) };
    },
  ),
  grant: command(
    "Give a user credits (US dollars), or take some away (--credits=-5). With --reference, the same grant twice is booked once.",
    {
      user: { type: "string" },
      email: { type: "string" },
      credits: { type: "string" },
      reason: { type: "string" },
      reference: { type: "string" },
    },
    async ({ user: name, email, credits, reason, reference }) => {
      const user = await userByEmail(name ?? email);
      const amount = parseSignedUsd(required(credits, "credits"));
      if (amount === 0n) throw new Error("--credits must be more than nothing");
      const decision = { amount, reason: required(reason, "reason"), reference: reference ?? randomUUID() };
      const outcome = await adjustCredits(user.accountId, decision, { actor: "operator-cli" });
      return { email: user.email, accountId: user.accountId, credits: formatUsd(amount), outcome };
    },
  ),
  role: command(
    "Make a user an operator, or an operator a user. He is signed out everywhere.",
    { email: { type: "string" }, role: { type: "string" } },
    async ({ email, role }) => {
      const user = await userByEmail(email);
      const wanted = oneOf(required(role, "role"), ["user", "operator"], "role");
      await updateRole(db(), user.email, wanted);
      await note(user.id, "user.role", { role: user.role }, { role: wanted });
      return { email: user.email, role: wanted };
    },
  ),
  password: command(
    "Set a user's password. He is signed out everywhere.",
    { email: { type: "string" }, password: { type: "string" } },
    async ({ email, password }) => {
      const user = await userByEmail(email);
      await updatePassword(db(), user.id, await hashPassword(required(password, "password")));
      await note(user.id, "user.change_password");
      return { email: user.email };
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

const parseSignedUsd = (text: string) => (text.startsWith("-") ? -parseUsd(text.slice(1)) : parseUsd(text));

const note = (id: string, action: string, before?: Record<string, unknown>, after?: Record<string, unknown>) =>
  recordAudit({ actor: "operator-cli", action, target: { kind: "user", id }, before, after });
