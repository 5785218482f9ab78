import { db } from "@/db/client";
import { findDrift, sumBooks } from "@/db/queries/accounts";
import { command } from "./command";

export const moneyCommands = {
  check: command("Prove the books: balances, holds, key limits and the log against the ledger.", {}, async () => {
    const drift = await findDrift(db());
    const ok = Object.values(drift).every((rows) => rows.length === 0);
    if (!ok) process.exitCode = 1;
    return { ok, ...(await sumBooks(db())), drift };
  }),
};
