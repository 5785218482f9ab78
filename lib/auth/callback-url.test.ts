import { expect, test } from "vitest";
import { readCallbackUrl, withOutcome } from "./callback-url";

test.each([
  "https://app.test/done",
  "https://app.test:8443/done?state=1",
  "http://localhost:3333/done",
  "http://127.0.0.1/",
  "http://[::1]:9/",
])("%s may be sent a code", (text) => expect(readCallbackUrl(text)?.href).toBe(new URL(text).href));

test.each([
  undefined,
  "",
  "/overview",
  "//app.test",
  "http://app.test/",
  "http://localhost.app.test/",
  "http://127.0.0.1.app.test/",
  "http://10.0.0.1/",
  "javascript:alert(1)//https://app.test",
  "data:text/html,hello",
  "myapp://done",
  "https://bank.test@app.test/",
  "https://app.test/#fragment",
  `https://app.test/${"x".repeat(2_000)}`,
])("%s may not", (text) => expect(readCallbackUrl(text)).toBeUndefined());

test("the outcome stands beside the app's own query, in place of one that was there", () => {
  expect(withOutcome("https://app.test/done?state=a%26b&code=old", { code: "new" })).toBe(
    "https://app.test/done?state=a%26b&code=new",
  );
  expect(withOutcome("https://app.test/", { error: "access_denied" })).toBe("https://app.test/?error=access_denied");
});
