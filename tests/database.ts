import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { inject } from "vitest";

export const APP_SECRET = randomBytes(32).toString("hex");

/** A database of the test's own, with the newest schema and the shipped catalogue. Returns its URL. */
export async function freshDatabase(): Promise<string> {
  const template = new URL(inject("templateUrl"));
  const name = `test_${randomBytes(6).toString("hex")}`;
  const admin = postgres(Object.assign(new URL(template), { pathname: "/postgres" }).href, {
    max: 1,
    onnotice: () => {},
  });
  try {
    await admin`create database ${admin(name)} template template_app`;
  } finally {
    await admin.end();
  }
  return Object.assign(new URL(template), { pathname: `/${name}` }).href;
}

/** Lets the modules under test use a database of their own. To be called before any of them is first used. */
export async function useFreshDatabase(): Promise<string> {
  const url = await freshDatabase();
  Object.assign(process.env, { DATABASE_URL: url, APP_SECRET, LOG_LEVEL: "silent" });
  return url;
}
