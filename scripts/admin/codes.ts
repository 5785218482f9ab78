import { db } from "@/db/client";
import { recordAudit } from "@/db/queries/audit";
import { disableRedemptionCode, listRedemptionCodes, type RedemptionCode } from "@/db/queries/redemption-codes";
import { makeCode } from "@/lib/billing/redeem-code";
import { formatUsd, parseUsd } from "@/lib/money";
import { command, dateOf, required, wholeNumber } from "./command";

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
      const { code, row } = await makeCode({ amount, uses: count, expiresAt, note: note ?? null });
      await audit("code.create", row.id, view(row));
      return { code, ...view(row) };
    },
  ),
  list: command("List the codes and how often they were used.", {}, async () =>
    (await listRedemptionCodes(db())).map(view),
  ),
  disable: command("Let a code be redeemed no more.", { id: { type: "string" } }, async ({ id }) => {
    const row = await disableRedemptionCode(db(), required(id, "id"));
    if (!row) throw new Error("there is no such code");
    await audit("code.disable", row.id, view(row));
    return view(row);
  }),
};

const audit = (action: string, id: string, after: Record<string, unknown>) =>
  recordAudit({ actor: "operator-cli", action, target: { kind: "code", id }, after });

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
