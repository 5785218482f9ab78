import { mkdir, readFile, writeFile } from "node:fs/promises";
import { closeDatabase, db } from "@/db/client";
import { migrateDatabase } from "@/db/migrate";
import { creditAccount, findUserByEmail, insertUser } from "@/db/queries/accounts";
import { findLiveApiKey } from "@/db/queries/api-keys";
import { findUser, updatePassword } from "@/db/queries/users";
import { hashPassword, verifyPassword } from "@/lib/auth/password";
import { setupLink } from "@/lib/auth/setup";
import { newToken } from "@/lib/auth/token";
import { env } from "@/lib/env";
import { hashApiKey } from "@/lib/keys/api-key";
import { mintKey } from "@/lib/keys/manage";
import { parseUsd } from "@/lib/money";

const DEMO_EMAIL = "demo@localhost";
const DEMO_CREDITS = parseUsd("10");
const KEY_FILE = ".data/demo-key";
const PASSWORD_FILE = ".data/demo-password";

type Prepared = { apiKey?: string; email?: string; password?: string; setupLink?: string };

/**
 * What the quick start needs of the database: schema, catalogue and, but for `--no-demo`, a user with credits, a key and
 * a password. Prints one JSON line. Key and password are kept in files of the user's own: the database has only hashes.
 */
async function prepare(demo: boolean): Promise<Prepared> {
  await migrateDatabase(env().DATABASE_URL_UNPOOLED ?? env().DATABASE_URL);
  return { ...(demo && (await demoUser())), setupLink: await setupLink() };
}

async function demoUser(): Promise<Prepared> {
  const user =
    (await insertUser({ email: DEMO_EMAIL, passwordHash: null, role: "user" })) ??
    (await findUserByEmail(db(), DEMO_EMAIL));
  if (!user) throw new Error(`the user ${DEMO_EMAIL} could not be made`);
  return { email: DEMO_EMAIL, apiKey: await demoKey(user.accountId), password: await demoPassword(user.id) };
}

async function demoKey(accountId: string): Promise<string> {
  const kept = await read(KEY_FILE);
  if (kept && (await findLiveApiKey(hashApiKey(kept)))) return kept;
  await creditAccount(accountId, { amount: DEMO_CREDITS, kind: "promo", source: "quickstart", sourceId: accountId });
  const { key } = await mintKey({ accountId, name: "quick start" });
  return keep(KEY_FILE, key);
}

/** Undefined once the user has set another. */
async function demoPassword(userId: string): Promise<string | undefined> {
  const kept = await read(PASSWORD_FILE);
  const user = await findUser(db(), userId);
  if (user?.passwordHash) return kept && (await verifyPassword(user.passwordHash, kept)) ? kept : undefined;
  const password = newToken().slice(0, 16);
  await updatePassword(db(), userId, await hashPassword(password));
  return keep(PASSWORD_FILE, password);
}

const read = async (file: string) => (await readFile(file, "utf8").catch(() => "")).trim();

async function keep(file: string, secret: string): Promise<string> {
  await mkdir(".data", { recursive: true });
  await writeFile(file, `${secret}\n`, { mode: 0o600 });
  return secret;
}

prepare(!process.argv.includes("--no-demo"))
  .then((result) => console.log(JSON.stringify(result)))
  .catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  })
  .finally(closeDatabase);
