import { db } from "@/db/client";
import { Operator } from "@/db/operator";
import { listRedemptionCodes, type RedemptionCode } from "@/db/queries/redemption-codes";
import { makeCode, voidCode } from "@/lib/billing/redeem-code";
import { formatUsd, parseUsd } from "@/lib/money";
import { command, dateOf, required, wholeNumber } from "./command";

const operator = Operator.atTheCommandLine();

export const codeCommands = {
  create: command(
    "Make a code that turns into credits (US dollars), once an account. It is printed once.",
    {
      credits: { type: "string" },
      uses: { type: "string" },
      expires: { type: "string" },
      note: { type: "string" },
    },
    async ({ credits, uses, expires, note }) => {
      const amount = parseUsd(required(credits, "credits"));
      if (amount === 0n) throw new Error("--credits must be more than nothing");
      const count = wholeNumber(uses, "uses") ?? 1;
      if (count === 0) throw new Error("--uses must be at least 1");
      const expiresAt = expires === undefined ? null : dateOf(expires);
      const { code, row } = await makeCode({ amount, uses: count, expiresAt, note: note ?? null }, operator);
      return { code, ...view(row) };
    },
  ),
  list: command("List the codes and how often they were used.", {}, async () =>
    (await listRedemptionCodes(db())).map(view),
  ),
  disable: command("Let a code be redeemed no more.", { id: { type: "string" } }, async ({ id }) =>
    view(await voidCode(required(id, "id"), operator)),
  ),
};

const view = ({ id, label, amountNano, uses, used, note, expiresAt, disabledAt, createdAt }: RedemptionCode) => ({
  id,
  label,
  credits: formatUsd(amountNano),
  uses,
  used,
  note,
  expiresAt,
  disabledAt,
  createdAt,
});
