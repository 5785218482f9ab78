import { migrateDatabase } from "@/db/migrate";
import { fromPlatform } from "@/lib/env";
import { localSettings } from "./local-database.mjs";

/** `npm run db:migrate`: the newest schema and the shipped catalogue, on the direct connection where there is one. */
async function main() {
  const settings = await localSettings();
  try {
    const { DATABASE_URL } = settings.env;
    await migrateDatabase(fromPlatform(process.env).DATABASE_URL_UNPOOLED || DATABASE_URL, DATABASE_URL);
    console.log("The database has the newest schema.");
  } finally {
    await settings.stop();
  }
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
