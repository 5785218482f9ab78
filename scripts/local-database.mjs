// @ts-check

import { existsSync } from "node:fs";
import { join } from "node:path";
import { startPostgres } from "./embedded-postgres.mjs";
import { keptSecret } from "./quickstart/app-secret.mjs";
import { projectDir } from "./run-step.mjs";

/**
 * The settings for a command on this machine: those of the environment and of .env, else the quick start's own
 * database. That is started for the time of the command when it does not run; call `stop` at the end either way.
 * @returns {Promise<{ env: { DATABASE_URL: string, APP_SECRET: string }, stop: () => Promise<void> }>}
 */
export async function localSettings() {
  if (existsSync(join(projectDir, ".env"))) process.loadEnvFile(join(projectDir, ".env"));
  const dataDir = join(projectDir, ".data");
  const { APP_SECRET } = process.env;
  const DATABASE_URL = process.env.DATABASE_URL || process.env.POSTGRES_URL;
  const database = DATABASE_URL ? undefined : await openQuickstartDatabase(dataDir);
  return {
    env: {
      DATABASE_URL: DATABASE_URL || (database?.url ?? ""),
      APP_SECRET: APP_SECRET || keptSecret(join(dataDir, "app-secret")),
    },
    stop: async () => {
      if (database && !database.reused) await database.stop();
    },
  };
}

/** @param {string} dataDir */
function openQuickstartDatabase(dataDir) {
  if (!existsSync(join(dataDir, "postgres"))) {
    throw new Error("There is no database: set DATABASE_URL, or run `npm run quickstart` first.");
  }
  return startPostgres({ dataDir: join(dataDir, "postgres"), logFile: join(dataDir, "log", "postgres.log") });
}
