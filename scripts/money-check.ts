import postgres from "postgres";
import { formatUsd } from "@/lib/money";
import { localSettings } from "./local-database.mjs";

/**
 * `npm run money:check`: proves the whole of the books at one snapshot, on the direct connection where there is one.
 * Prints a table; exit code 1 on any difference.
 */
async function main() {
  const settings = await localSettings();
  Object.assign(process.env, settings.env);
  const { checkAll } = await import("@/db/queries/reconciliation");
  const url = process.env.DATABASE_URL_UNPOOLED || settings.env.DATABASE_URL;
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 10 });
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
    const wrong = checks.some(({ differences }) => differences.length > 0);
    console.log(wrong ? "The books differ." : "The books are right.");
    if (wrong) process.exitCode = 1;
  } finally {
    await sql.end();
    await settings.stop();
  }
}

const usd = (nano: string) => formatUsd(BigInt(nano));

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
