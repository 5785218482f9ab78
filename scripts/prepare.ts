import { mkdir, readFile, writeFile } from "node:fs/promises";
import { closeDatabase, db } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { creditAccount, findUserByEmail, insertUser } from "@/db/queries/accounts";
import { findLiveApiKey } from "@/db/queries/api-keys";
import { env } from "@/lib/env";
import { hashApiKey } from "@/lib/keys/api-key";
import { mintKey } from "@/lib/keys/manage";
import { parseUsd } from "@/lib/money";

const DEMO_EMAIL = "demo@localhost";
const DEMO_CREDITS = parseUsd("10");
const KEY_FILE = ".data/demo-key";

/**
 * What the quick start needs of the database: schema, catalogue and, but for `--no-demo`, a user with credits and a key.
 * Prints one JSON line. The key is kept in a file of the user's own, since the database has only its hash.
 */
async function prepare(demo: boolean): Promise<{ apiKey?: string }> {
  await migrateDatabase(env().DATABASE_URL_UNPOOLED ?? env().DATABASE_URL);
  return demo ? { apiKey: await demoKey() } : {};
}

async function demoKey(): Promise<string> {
  const kept = (await readFile(KEY_FILE, "utf8").catch(() => "")).trim();
  if (kept && (await findLiveApiKey(hashApiKey(kept)))) return kept;
  const user =
    (await insertUser({ email: DEMO_EMAIL, passwordHash: null, role: "user" })) ??
    (await findUserByEmail(db(), DEMO_EMAIL));
  if (!user) throw new Error(`the user ${DEMO_EMAIL} could not be made`);
  await creditAccount(user.accountId, {
    amount: DEMO_CREDITS,
    kind: "promo",
    source: "quickstart",
    sourceId: user.accountId,
  });
  const { key } = await mintKey({ accountId: user.accountId, name: "quick start" });
  await mkdir(".data", { recursive: true });
  await writeFile(KEY_FILE, `${key}\n`, { mode: 0o600 });
  return key;
}

prepare(!process.argv.includes("--no-demo"))
  .then((result) => console.log(JSON.stringify(result)))
  .catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  })
  .finally(closeDatabase);
