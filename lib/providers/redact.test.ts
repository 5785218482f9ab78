import { describe, expect, test } from "vitest";
import { clip, redact } from "./redact";

const key = "sk-proj-AbCdEf0123456789_wxyz";

describe("redact", () => {
  test.each([
    ["the key", `Bad key ${key}!`, "Bad key [redacted]!"],
    ["a key without a known look", "Bad key hunter22hunter22", "Bad key [redacted]", "hunter22hunter22"],
    ["a key with characters that a URL escapes", "at ?q=a%2Bb%2Fc%3D%3D", "at ?q=[redacted]", "a+b/c=="],
    ["a key with characters that JSON escapes", '{"k":"a\\"bcde"}', '{"k":"[redacted]"}', 'a"bcde'],
    ["its beginning", "Bad key sk-proj-AbCd", "Bad key [redacted]"],
    ["its beginning, without a known look", "Bad key hunter22****", "Bad key [redacted]", "hunter22hunter33"],
    ["its end behind a mask", "Bad key ****er33", "Bad key [redacted]", "hunter22hunter33"],
    ["a masked key", "Bad key sk-...wxyz", "Bad key [redacted]"],
    ["a key masked with stars", "Bad key sk-ant-api03-****************wxyz.", "Bad key [redacted]."],
    ["somebody else's keys", "gsk_abcdef123 AIzaSyD-12345 xai-abc123", "[redacted] [redacted] [redacted]"],
    ["an authorization header", "sent Authorization: Bearer abc.def", "sent Authorization: Bearer [redacted]"],
    ["a key header", 'x-api-key: "abcdef"', 'x-api-key: "[redacted]"'],
    ["a key in an address", "GET /v1?alt=sse&key=abc123&x=1", "GET /v1?alt=sse&key=[redacted]&x=1"],
  ])("takes out %s", (_, text, clean, apiKey = key) => {
    expect(redact(text, apiKey)).toBe(clean);
  });

  test("leaves what is none of these", () => {
    const text = 'Invalid value: "risk-free" for\n\t`tools[0].function.name` (key: required) [see docs]';
    expect(redact(text, key)).toBe(text);
  });

  test("takes out control characters, before it looks for the key", () => {
    expect(redact(`a\u001b[31mb\u0000${key.slice(0, 9)}\u0007${key.slice(9)}\u202ec\u2028`, key)).toBe(
      "a[31mb[redacted]c",
    );
  });

  test("takes the key out of a long text before it cuts it", () => {
    const whole = "hunter22hunter33";
    for (let before = 8_170; before < 8_192; before++) {
      expect(redact(`${"x".repeat(before)} ${whole}`, whole)).not.toContain("hun");
    }
  });

  test("is quick with a text made to be slow", () => {
    const began = performance.now();
    redact("sk-".repeat(30_000), key);
    redact(".".repeat(90_000), key);
    redact("Bearer ".repeat(13_000), key);
    expect(performance.now() - began).toBeLessThan(500);
  });
});

test("clip cuts between characters", () => {
  expect(clip("grüße", 100)).toBe("grüße");
  expect(clip("grüße", 3)).toBe("gr");
  expect(clip("a👩b", 4)).toBe("a");
  expect(Buffer.byteLength(clip("漢".repeat(2_000), 2_048))).toBe(2_046);
});
