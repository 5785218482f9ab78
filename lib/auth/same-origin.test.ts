import { beforeAll, expect, test } from "vitest";

let requireSameOrigin: typeof import("./same-origin").requireSameOrigin;

beforeAll(async () => {
  Object.assign(process.env, {
    DATABASE_URL: "postgres://127.0.0.1/none",
    APP_SECRET: "0123456789abcdefghij0123456789abcdefghij",
    APP_URL: "https://llm.test",
  });
  ({ requireSameOrigin } = await import("./same-origin"));
});

const host = "llm.test";

test.each<Record<string, string>>([
  { host, origin: "https://llm.test", "sec-fetch-site": "same-origin" },
  { host, origin: "https://llm.test" },
  { host: "behind.a.proxy:3000", origin: "https://llm.test" },
])("a page of this site may write: %j", (given) => {
  expect(() => requireSameOrigin(new Headers(given))).not.toThrow();
});

test.each<Record<string, string>>([
  { host },
  { host, "sec-fetch-site": "same-origin" },
  { host, origin: "null" },
  { host, origin: "null", "sec-fetch-site": "same-origin" },
  { host, origin: "https://evil.test" },
  { host, origin: "https://evil.test", "sec-fetch-site": "cross-site" },
  { host, origin: "https://sub.llm.test" },
  { host, origin: "https://sub.llm.test", "sec-fetch-site": "same-site" },
  { host, origin: "https://llm.test:8443" },
  { host, origin: "http://llm.test" },
  { host, origin: "https://llm.test", "sec-fetch-site": "none" },
  { host: "evil.test", origin: "https://evil.test" },
  { host: "evil.test", "x-forwarded-host": "evil.test", origin: "https://evil.test" },
])("any other write is refused: %j", (given) => {
  expect(() => requireSameOrigin(new Headers(given))).toThrow("did not come from this site");
});
