import { DrizzleQueryError } from "drizzle-orm";
import { expect, test } from "vitest";
import { describeError, withoutSecrets } from "./log";

test.each([
  ["sk-or-v1-0123456789abcdef0123456789abcdef", "0123456789abcdef"],
  ["sk-ant-api03-abcdefghijklmnop", "ghijklmnop"],
  ["AIzaSyA1234567890abcdefghijkl", "567890abcdef"],
  ["whsec_abcdefghijklmnop", "efghijklmnop"],
  ["rk_live_abcdefghijklmnop", "efghijklmnop"],
])("a line with %s goes out without it", (secret, rest) => {
  const line = withoutSecrets(JSON.stringify({ message: `the key ${secret} was refused` }));
  expect(line).not.toContain(rest);
  expect(JSON.parse(line).message).toMatch(/^the key .+… was refused$/);
});

test("a database error is told without its statement and parameters", () => {
  const driver = Object.assign(new Error("duplicate key"), { code: "23505", query: "insert", parameters: ["hunter2"] });
  const drizzle = new DrizzleQueryError("insert", ["hunter2"], driver);
  expect(JSON.stringify([describeError(drizzle), describeError(driver)])).not.toContain("hunter2");
  expect(describeError(drizzle)).toMatchObject({ message: "duplicate key", code: "23505" });
});
