import { expect, test, vi } from "vitest";
import { type RetryHints, rateLimitsIn, retryAfterSeconds } from "./retry-after";

const NOON = Date.UTC(2026, 10, 23, 12);
const limits = (rateLimits: Record<string, string>): RetryHints => ({ rateLimits });

test.each<[string, RetryHints, number | undefined]>([
  ["seconds", { retryAfter: "7" }, 7],
  ["a fraction, rounded up", { retryAfter: "1.2" }, 2],
  ["nothing to wait", { retryAfter: "0" }, 1],
  ["an hour", { retryAfter: "3600" }, 60],
  ["an HTTP date", { retryAfter: "Mon, 23 Nov 2026 12:00:30 GMT" }, 30],
  ["a date that has passed", { retryAfter: "Mon, 23 Nov 2026 11:00:00 GMT" }, 1],
  ["milliseconds", { retryAfterMs: "2500" }, 3],
  ["garbage with milliseconds", { retryAfter: "soon", retryAfterMs: "2500" }, 3],
  ["Google's delay", { retryDelay: "34s" }, 34],
  ["Google's fraction", { retryDelay: "0.4s" }, 1],
  ["garbage", { retryAfter: "soon", retryAfterMs: "never", retryDelay: "PT5M" }, undefined],
  ["a negative number", { retryAfter: "-5" }, undefined],
  ["an exponent", { retryAfter: "1e9" }, undefined],
  ["another form of date", { retryAfter: "2026-11-23T12:00:30Z" }, undefined],
  ["a date that is none", { retryAfter: "Mon, 99 Foo 2026 12:00:30 GMT" }, undefined],
  ["nothing", {}, undefined],
  [
    "OpenAI's: the limit that is used up, not the one that has room",
    limits({
      ...{ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "12.5s" },
      ...{ "x-ratelimit-remaining-tokens": "149984", "x-ratelimit-reset-tokens": "6ms" },
    }),
    13,
  ],
  ["a duration of several units", limits({ "x-ratelimit-reset-requests": "0h0m41.2s" }), 42],
  ["a reset in six minutes", limits({ "x-ratelimit-reset-requests": "6m0s" }), 60],
  ["milliseconds of a duration", limits({ "x-ratelimit-reset-tokens": "20ms" }), 1],
  [
    "Anthropic's: of two that are used up the later",
    limits({
      ...{ "anthropic-ratelimit-requests-remaining": "0" },
      ...{ "anthropic-ratelimit-requests-reset": "2026-11-23T12:00:09Z" },
      ...{ "anthropic-ratelimit-input-tokens-remaining": "0" },
      ...{ "anthropic-ratelimit-input-tokens-reset": "2026-11-23T12:00:31Z" },
      ...{ "anthropic-ratelimit-output-tokens-remaining": "16000" },
      ...{ "anthropic-ratelimit-output-tokens-reset": "2026-11-23T12:00:59Z" },
    }),
    31,
  ],
  [
    "where all have room, the request was too large for one: the soonest",
    limits({
      ...{ "x-ratelimit-remaining-tokens": "900", "x-ratelimit-reset-tokens": "9s" },
      ...{ "x-ratelimit-remaining-requests": "3", "x-ratelimit-reset-requests": "40s" },
    }),
    9,
  ],
  ["the epoch in seconds", limits({ "x-ratelimit-reset": String(NOON / 1000 + 21) }), 21],
  ["the epoch in milliseconds", limits({ "x-ratelimit-reset": String(NOON + 21_000) }), 21],
  ["the seconds of the draft standard", limits({ "ratelimit-remaining": "0", "ratelimit-reset": "17" }), 17],
  ["garbage in a reset", limits({ "x-ratelimit-reset": "later", "x-ratelimit-reset-tokens": "5 moons" }), undefined],
  ["Retry-After before any reset", { retryAfter: "3", ...limits({ "ratelimit-reset": "17" }) }, 3],
])("reads %s", (_, hints, seconds) => {
  vi.useFakeTimers({ now: NOON });
  expect(retryAfterSeconds(hints)).toBe(seconds);
  vi.useRealTimers();
});

test("of an answer's headers those that tell of limits are kept, and no others", () => {
  expect(
    rateLimitsIn([
      ["X-RateLimit-Reset", "1"],
      ["anthropic-ratelimit-requests-reset", "2"],
      ["ratelimit-reset", "3"],
      ["set-cookie", "secret=1"],
      ["anthropic-organization-id", "org"],
    ]),
  ).toEqual({ "x-ratelimit-reset": "1", "anthropic-ratelimit-requests-reset": "2", "ratelimit-reset": "3" });
  expect(rateLimitsIn([["content-type", "text/html"]])).toBeUndefined();
});
