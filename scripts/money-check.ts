import { parseArgs } from "node:util";
import postgres from "postgres";
import { connectionUrl } from "@/db/connection-url";
import { NO_LIMITS } from "@/db/limits";
import { formatUsd } from "@/lib/money";
import { localSettings } from "./local-database.mjs";

const DAY_MS = 24 * 60 * 60_000;

/**
 * `npm run money:check [-- --days 30]`: proves the whole of the books at one snapshot, on the direct connection where
 * there is one; and, where Stripe is set up, that its balance says the same of the last days. Prints a table; exit code
 * 1 on any difference.
 */
async function main() {
  const { values } = parseArgs({ options: { days: { type: "string", default: "30" } } });
  if (!/^\d{1,4}$/.test(values.days)) throw new Error("--days must be a whole number");
  const settings = await localSettings();
  Object.assign(process.env, settings.env);
  const { checkAll } = await import("@/db/queries/reconciliation");
  const url = process.env.DATABASE_URL_UNPOOLED || settings.env.DATABASE_URL;
  const sql = postgres(connectionUrl(url), { max: 1, onnotice: () => {}, connect_timeout: 10, connection: NO_LIMITS });
  try {
    const { checks, debtors } = await checkAll(sql);
    console.table(
      Object.fromEntries(
        checks.map(({ name, says, differences, ms }) => [name, { says, differences: differences.length, ms }]),
      ),
    );
    for (const { check, subject, figures } of checks.flatMap(({ differences }) => differences))
      console.error(`${check}: ${subject} ${JSON.stringify(figures)}`);
    for (const debtor of debtors)
      console.log(
        `owes: ${debtor.account_id} ${usd(debtor.posted_nano)} (refunds ${usd(debtor.refunds_nano)}, disputes ${usd(debtor.disputes_nano)})`,
      );
    const stripe = await checkStripe(Number(values.days));
    const wrong = stripe || checks.some(({ differences }) => differences.length > 0);
    console.log(wrong ? "The books differ." : "The books are right.");
    if (wrong) process.exitCode = 1;
  } finally {
    await sql.end();
    await settings.stop();
  }
}

/** Whether Stripe's balance says something else. */
async function checkStripe(days: number): Promise<boolean> {
  const [{ closeDatabase }, { paymentsEnabled }, { compareWithStripe }] = await Promise.all([
    import("@/db/client"),
    import("@/lib/billing/stripe"),
    import("@/lib/billing/stripe-books"),
  ]);
  if (!paymentsEnabled()) return false;
  try {
    const until = new Date();
    const { compared, differences } = await compareWithStripe(new Date(until.getTime() - days * DAY_MS), until);
    for (const { kind, id, stripeMinor, ourMinor } of differences)
      console.error(
        `Stripe: ${kind} ${id} is ${stripeMinor ?? "unknown"} there and ${ourMinor ?? "unknown"} here, in cents`,
      );
    console.log(`Stripe's balance: ${compared} movements of ${days} days compared, ${differences.length} differ.`);
    return differences.length > 0;
  } finally {
    await closeDatabase();
  }
}

const usd = (nano: string) => formatUsd(BigInt(nano));

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
