import { db } from "@/db/client";
import { Operator } from "@/db/operator";
import { findDrift, sumBooks } from "@/db/queries/accounts";
import { sumMargin } from "@/db/queries/margin";
import { formatUsd } from "@/lib/money";
import { command, oneOf, wholeNumber } from "./command";

const DAY_MS = 86_400_000;

export const moneyCommands = {
  check: command("Prove the books: balances, holds, key limits and the log against the ledger.", {}, async () => {
    const drift = await findDrift(db());
    const ok = Object.values(drift).every((rows) => rows.length === 0);
    if (!ok) process.exitCode = 1;
    return { ok, ...(await sumBooks(db())), drift };
  }),
  margin: command(
    "What users paid against what providers charge for it (US dollars), --by day, model or provider, of the last --days (7).",
    { by: { type: "string" }, days: { type: "string" } },
    async ({ by, days }) => {
      const from = new Date(Date.now() - (wholeNumber(days, "days") ?? 7) * DAY_MS);
      const of = oneOf(by ?? "day", ["day", "model", "provider"], "by");
      return (await sumMargin(Operator.atTheCommandLine(), of, from)).map((line) => ({
        [of]: line.name,
        requests: line.requests,
        charged: formatUsd(line.chargedNano),
        cost: formatUsd(line.costNano),
        overage: formatUsd(line.overageNano),
        margin: formatUsd(line.chargedNano - line.costNano),
      }));
    },
  ),
};
