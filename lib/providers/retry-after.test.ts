import { expect, test, vi } from "vitest";
import { retryAfterSeconds } from "./retry-after";

test.each([
  ["seconds", ["7"], 7],
  ["a fraction, rounded up", ["1.2"], 2],
  ["nothing to wait", ["0"], 1],
  ["an hour", ["3600"], 60],
  ["an HTTP date", ["Mon, 23 Nov 2026 12:00:30 GMT"], 30],
  ["a date that has passed", ["Mon, 23 Nov 2026 11:00:00 GMT"], 1],
  ["milliseconds", [undefined, "2500"], 3],
  ["garbage with milliseconds", ["soon", "2500"], 3],
  ["Google's delay", [undefined, undefined, "34s"], 34],
  ["Google's fraction", [undefined, undefined, "0.4s"], 1],
  ["garbage", ["soon", "never", "PT5M"], undefined],
  ["a negative number", ["-5"], undefined],
  ["an exponent", ["1e9"], undefined],
  ["another form of date", ["2026-11-23T12:00:30Z"], undefined],
  ["a date that is none", ["Mon, 99 Foo 2026 12:00:30 GMT"], undefined],
  ["nothing", [], undefined],
] as [string, [string?, string?, string?], number | undefined][])("reads %s", (_, hints, seconds) => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 23, 12) });
  expect(retryAfterSeconds(...hints)).toBe(seconds);
  vi.useRealTimers();
});
