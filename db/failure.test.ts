import { expect, test } from "vitest";
import { isConnectionLoss, isFinal, isTransient } from "./failure";

test.each(["40P01", "40001", "55P03", "57014"])("%s is a tie or a lack of time: try again", (code) => {
  expect(isTransient({ code })).toBe(true);
  expect(isFinal({ code })).toBe(false);
});

test.each([
  "08006",
  "57P01",
  "53100",
  "53300",
  "58030",
  "25006",
  "ECONNREFUSED",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "CONNECT_TIMEOUT",
])("%s is a database that is away", (code) => {
  expect(isConnectionLoss({ code })).toBe(true);
  expect(isFinal({ code })).toBe(false);
});

test.each(["22003", "22P05", "23505", "23514", "21000", "LG002"])("%s will not get better", (code) => {
  expect(isFinal({ code })).toBe(true);
  expect(isTransient({ code }) || isConnectionLoss({ code })).toBe(false);
});

test.each(["28P01", "3D000", undefined])("%s may get better: a bill is not given up for it", (code) => {
  expect(isFinal({ code })).toBe(false);
});
