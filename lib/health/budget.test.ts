import { expect, test } from "vitest";
import { makeBudget } from "./budget";

function budgetAt(terms = { share: 0.1, floor: 3, windowMs: 10_000 }) {
  const clock = { now: 50_000 };
  const budget = makeBudget({ ...terms, now: () => clock.now });
  const spent = (tries: number) => Array.from({ length: tries }, () => budget.spend()).filter(Boolean).length;
  const earn = (requests: number) => {
    for (let count = 0; count < requests; count++) budget.earn();
  };
  return { clock, earn, spent };
}

test.each([
  ["a quiet server has its floor", 0, 3],
  ["few requests earn no more than the floor", 29, 3],
  ["many earn their share", 200, 20],
  ["part of a retry is none", 59, 5],
])("%s", (_title, requests, most) => {
  const { earn, spent } = budgetAt();
  earn(requests);
  expect(spent(100)).toBe(most);
});

test("what was spent is had again when it is longer ago than the window, and what was earned is lost then", () => {
  const { clock, earn, spent } = budgetAt();
  earn(100);
  expect(spent(100)).toBe(10);
  clock.now += 5_000;
  expect(spent(100)).toBe(0);
  clock.now += 5_001;
  expect(spent(100)).toBe(3);
});

test("under steady load with every second request failing, retries stay at a tenth of the requests", () => {
  const { clock, earn, spent } = budgetAt();
  let [requests, retries] = [0, 0];
  for (let second = 0; second < 60; second++)
    for (let of = 0; of < 200; of++) {
      clock.now += 5;
      requests++;
      earn(1);
      if (of % 2) retries += spent(1);
    }
  expect(retries / requests).toBeLessThanOrEqual(0.1);
  expect(retries / requests).toBeGreaterThan(0.09);
});
