// @ts-check
// Vercel's build step: the app, and where it is to serve production the schema too. A build that fails changes no database,
// and a migration that fails lets no version out that would need it.
import { spawnSync } from "node:child_process";

const steps = process.env.VERCEL_ENV === "production" ? ["build", "db:migrate"] : ["build"];
for (const step of steps) {
  const { status } = spawnSync("npm", ["run", step], { stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}
