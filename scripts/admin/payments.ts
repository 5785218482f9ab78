import { db } from "@/db/client";
import { listRefusals } from "@/db/queries/payments";
import { compareWithStripe } from "@/lib/billing/stripe-books";
import { catchUp } from "@/lib/billing/stripe-catch-up";
import { command, wholeNumber } from "./command";

const DAY_MS = 24 * 60 * 60_000;

export const paymentCommands = {
  "catch-up": command("Ask Stripe for events of the last three days that never came, and do them.", {}, () =>
    catchUp({ now: true }),
  ),
  compare: command(
    "Compare Stripe's balance with what was credited and taken back; 30 days unless told otherwise.",
    { days: { type: "string" } },
    async ({ days }) => {
      const until = new Date();
      const since = new Date(until.getTime() - (wholeNumber(days, "days") ?? 30) * DAY_MS);
      const compared = await compareWithStripe(since, until);
      if (compared.differences.length > 0) process.exitCode = 1;
      return compared;
    },
  ),
  refused: command("What Stripe reported and was not booked, because it does not fit.", {}, () => listRefusals(db())),
};
