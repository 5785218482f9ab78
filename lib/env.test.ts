import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseEnv } from "./env";

const good = { DATABASE_URL: "postgres://u:p@localhost/db", APP_SECRET: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b" };

test("the settings that are needed are enough", () => {
  expect(parseEnv(good)).toMatchObject(good);
});

test("an empty variable counts as absent", () => {
  expect(parseEnv({ ...good, OPENAI_API_KEY: "", OPENAI_BASE_URL: "" }).OPENAI_API_KEY).toBeUndefined();
});

test.each([
  ["DATABASE_URL", { ...good, DATABASE_URL: undefined }],
  ["DATABASE_URL", { ...good, DATABASE_URL: "mysql://localhost/db" }],
  ["APP_SECRET", { ...good, APP_SECRET: undefined }],
  ["APP_SECRET", { ...good, APP_SECRET: "short" }],
  ["APP_SECRET", { ...good, APP_SECRET: "0".repeat(64) }],
  ["APP_SECRET", { ...good, APP_SECRET: "change-me-change-me-change-me-change-me" }],
  ["APP_SECRET", { ...good, APP_SECRET: "abcdefg".repeat(6) }],
  ["AUTH_SECRET", { ...good, AUTH_SECRET: "too-short-to-be-one" }],
  ["AUTH_SECRET", { ...good, AUTH_SECRET: "0".repeat(64) }],
  ["OPENAI_BASE_URL", { ...good, OPENAI_BASE_URL: "not a url" }],
  ["MARKUP_BASIS_POINTS", { ...good, MARKUP_BASIS_POINTS: "-5" }],
])("a bad %s is named in the sentence that stops the server", (name, source) => {
  expect(() => parseEnv(source)).toThrow(name);
});

test("the sentence does not show the value: it may be a secret", () => {
  expect(() => parseEnv({ ...good, APP_SECRET: "hunter2" })).toThrow(/^(?!.*hunter2)/s);
});

test(".env.example has a line for every variable", () => {
  const example = readFileSync(".env.example", "utf8");
  const source = readFileSync("lib/env.ts", "utf8");
  const names = [...source.matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => name !== "NODE_ENV" && name !== "VERCEL" && !example.includes(`${name}=`))).toEqual([]);
});

test.each([
  [{ SMTP_URL: "smtp://mail.test" }, "MAIL_FROM"],
  [{ SMTP_URL: "smtp://mail.test", MAIL_FROM: "a@mail.test" }, "APP_URL"],
  [{ GOOGLE_CLIENT_ID: "id", APP_URL: "https://llm.test" }, "GOOGLE_CLIENT_SECRET"],
  [{ OIDC_ISSUER: "https://id.test", APP_URL: "https://llm.test", OIDC_CLIENT_ID: "id" }, "OIDC_CLIENT_SECRET"],
  [{ GITHUB_CLIENT_ID: "id", GITHUB_CLIENT_SECRET: "secret", APP_URL: "http://127.0.0.1:3000" }, "localhost"],
])("%j is not enough: %s", (given, missing) => {
  expect(() => parseEnv({ ...good, ...given })).toThrow(missing);
});

test.each([
  [{ POSTGRES_URL: "postgres://pooled/db" }, { DATABASE_URL: "postgres://pooled/db" }],
  [{ DATABASE_URL: "postgres://own/db", POSTGRES_URL: "postgres://pooled/db" }, { DATABASE_URL: "postgres://own/db" }],
  [{ ...good, POSTGRES_URL_NON_POOLING: "postgres://direct/db" }, { DATABASE_URL_UNPOOLED: "postgres://direct/db" }],
  [
    { ...good, VERCEL: "1" },
    { APP_URL: undefined, TOTAL_TIMEOUT_SECONDS: 285, TRUSTED_PROXIES: "127.0.0.1" },
  ],
  [{ ...good, VERCEL: "1", TOTAL_TIMEOUT_SECONDS: "780" }, { TOTAL_TIMEOUT_SECONDS: 780 }],
  [
    { ...good, VERCEL: "1", VERCEL_ENV: "production", VERCEL_PROJECT_PRODUCTION_URL: "llm.test" },
    { APP_URL: "https://llm.test" },
  ],
  [{ ...good, VERCEL: "1", VERCEL_ENV: "preview", VERCEL_PROJECT_PRODUCTION_URL: "llm.test" }, { APP_URL: undefined }],
])("what a platform says in its own way need not be said again: %j", (given, settings) => {
  expect(parseEnv({ APP_SECRET: good.APP_SECRET, ...given })).toMatchObject(settings);
});
