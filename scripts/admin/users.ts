import { randomUUID } from "node:crypto";
import { db } from "@/db/client";
import { Operator } from "@/db/operator";
import { listFreezes } from "@/db/queries/account-freezes";
import { findUserByEmail, insertUser } from "@/db/queries/accounts";
import { listPeople, type Person } from "@/db/queries/people";
import { updatePassword } from "@/db/queries/users";
import { normalizeEmail } from "@/lib/auth/email-address";
import { hashPassword } from "@/lib/auth/password";
import { formatUsd, parseUsd } from "@/lib/money";
import { endSessionsOf, freezePerson, grantCredits, setRole, unfreezePerson } from "@/lib/operator/people";
import { command, oneOf, required } from "./command";

const operator = Operator.atTheCommandLine();
const MOST = 10_000;

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
      if (amount > 0n) await grantCredits(operator, user.id, decision);
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
      const outcome = await grantCredits(operator, user.id, decision);
      return { email: user.email, accountId: user.accountId, credits: formatUsd(amount), outcome };
    },
  ),
  role: command(
    "Make a user an operator, or an operator a user. He is signed out everywhere.",
    { email: { type: "string" }, role: { type: "string" } },
    async ({ email, role }) => {
      const user = await userByEmail(email);
      const wanted = oneOf(required(role, "role"), ["user", "operator"], "role");
      await setRole(operator, user.id, wanted);
      return { email: user.email, role: wanted };
    },
  ),
  freeze: command(
    "Serve no request of a user's until he is unfrozen.",
    { email: { type: "string" }, reason: { type: "string" } },
    async ({ email, reason }) => {
      const user = await userByEmail(email);
      await freezePerson(operator, user.id, required(reason, "reason"));
      return { email: user.email, frozen: true };
    },
  ),
  unfreeze: command(
    "Lift a freeze: the one set by hand, or with --cause and --source one that `user freezes` lists.",
    { email: { type: "string" }, cause: { type: "string" }, source: { type: "string" } },
    async ({ email, cause, source }) => {
      const user = await userByEmail(email);
      const other = cause === undefined ? undefined : { reason: cause, source: required(source, "source") };
      if (!(await unfreezePerson(operator, user.id, other))) throw new Error("the account is not frozen for that");
      return { email: user.email, freezes: await listFreezes(db(), user.accountId) };
    },
  ),
  freezes: command("List why a user's account is frozen.", { email: { type: "string" } }, async ({ email }) =>
    listFreezes(db(), (await userByEmail(email)).accountId),
  ),
  "sign-out": command("Sign a user out everywhere.", { email: { type: "string" } }, async ({ email }) => {
    const user = await userByEmail(email);
    return { email: user.email, ended: await endSessionsOf(operator, user.id) };
  }),
  password: command(
    "Set a user's password. He is signed out everywhere.",
    { email: { type: "string" }, password: { type: "string" } },
    async ({ email, password }) => {
      const user = await userByEmail(email);
      const hash = await hashPassword(required(password, "password"));
      await operator.decide(async (tx) => {
        await updatePassword(tx, user.id, hash);
        return { value: undefined, note: { action: "user.change_password", target: { kind: "user", id: user.id } } };
      });
      return { email: user.email };
    },
  ),
  list: command(
    "List users with their balances (US dollars), the oldest first; --search is part of an address or a name, or an id.",
    { search: { type: "string" } },
    async ({ search }) => (await listPeople(operator, { search, most: MOST })).reverse().map(view),
  ),
};

const view = ({ postedNano, heldNano, ...user }: Person) => ({
  ...user,
  balance: formatUsd(postedNano),
  held: formatUsd(heldNano),
});

export async function userByEmail(email: string | undefined) {
  const address = required(email, "user");
  const user = await findUserByEmail(db(), address);
  if (!user) throw new Error(`there is no user ${address}`);
  return user;
}

const parseSignedUsd = (text: string) => (text.startsWith("-") ? -parseUsd(text.slice(1)) : parseUsd(text));
