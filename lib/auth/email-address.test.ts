import { expect, test } from "vitest";
import { normalizeEmail } from "./email-address";

test.each([
  ["ada@example.com", "ada@example.com"],
  [" Ada.Lovelace+llm@Example.COM ", "ada.lovelace+llm@example.com"],
  ["demo@localhost", "demo@localhost"],
  ["a@b", "a@b"],
  ["ada@exämple.com", "ada@xn--exmple-cua.com"],
  ["ada@EXÄMPLE.com", "ada@xn--exmple-cua.com"],
  ["\uff41da@example.com", "ada@example.com"],
  ["Kay@example.com".replace("K", "\u212a"), "kay@example.com"],
])("%j is %s", (given, address) => {
  expect(normalizeEmail(given)).toBe(address);
});

test.each([
  "",
  "ada",
  "@example.com",
  "ada@",
  "a@b@c",
  "ada@example.com,eve@example.com",
  "ada@example.com, eve@example.com",
  "<ada@example.com>",
  "Ada <ada@example.com>",
  '"ada"@example.com',
  "ada@example.com\r\nBcc: eve@example.com",
  "ada@example.com\u0000",
  "ada\u200b@example.com",
  "ada@exam\u200bple.com",
  "ada@exam\u00adple.com",
  "\u0430da@example.com",
  "ada@example.com\u202e",
  "a da@example.com",
  "ada@exam ple.com",
  ".ada@example.com",
  "ada..l@example.com",
  "ada@-example.com",
  "ada@example..com",
  "ada@[127.0.0.1]",
  "ada@example.com/path",
  "ada@example.com:25",
  `${"a".repeat(65)}@example.com`,
  `ada@${"a".repeat(300)}.com`,
])("%j is refused", (given) => {
  expect(() => normalizeEmail(given)).toThrow("e-mail address");
});
