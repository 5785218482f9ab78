import { afterAll, beforeAll, expect, test } from "vitest";
import { useFreshDatabase } from "@/tests/database";

let throttle: typeof import("./throttle");
let client: typeof import("@/db/client");

beforeAll(async () => {
  await useFreshDatabase();
  [throttle, client] = await Promise.all([import("./throttle"), import("@/db/client")]);
});
afterAll(() => client.closeDatabase());

const tries = (who: string) =>
  throttle.requireAttempt(["passwordOfAccount", who]).then(
    () => 0,
    (error) => error.retryAfter as number,
  );
/** As if so many seconds had passed. */
const pass = (seconds: number) =>
  client.db().execute(`update attempt_counters
    set last_at = last_at - interval '${seconds} seconds', blocked_until = blocked_until - interval '${seconds} seconds'`);

test("five are free, then each costs twice the wait, and the tenth a quarter of an hour", async () => {
  for (let n = 1; n <= 6; n++) expect(await tries("ada")).toBe(0);
  for (const wait of [2, 4, 8, 16]) {
    const told = await tries("ada");
    expect(told).toBeGreaterThan(wait / 2);
    expect(told).toBeLessThanOrEqual(wait);
    await pass(wait);
    expect(await tries("ada")).toBe(0);
  }
  expect(await tries("ada")).toBeGreaterThan(890);
  await pass(899);
  expect(await tries("ada")).toBeGreaterThan(0);
  await pass(2);
  expect(await tries("ada")).toBe(0);
});

test("of two hundred at once, no more than ten are let through; another account is not concerned", async () => {
  const told = await Promise.all(Array.from({ length: 200 }, () => tries("crowd")));
  const through = told.filter((wait) => wait === 0).length;
  expect(through).toBeGreaterThanOrEqual(5);
  expect(through).toBeLessThanOrEqual(10);
  expect(await tries("someone else")).toBe(0);
});

test("however the tries are spread, no quarter of an hour sees more than ten", async () => {
  const made: number[] = [];
  let now = 0;
  for (const step of Array.from({ length: 300 }, (_, index) => (index % 7) * 5 + 1)) {
    await pass(step);
    now += step;
    if ((await tries("patient")) === 0) made.push(now);
  }
  for (const from of made) expect(made.filter((at) => at >= from && at < from + 900).length).toBeLessThanOrEqual(10);
  expect(made.length).toBeGreaterThan(20);
});

test("a success forgets the slips of one's own account, and gives back only itself where many share a limit", async () => {
  for (let n = 0; n < 5; n++) await tries("slips");
  await throttle.forgetAttempts("passwordOfAccount", "slips");
  for (let n = 0; n < 5; n++) expect(await tries("slips")).toBe(0);

  const shared = () => throttle.requireAttempt(["signInFromAddress", "192.0.2.9"]);
  for (let n = 0; n < 200; n++) {
    await shared();
    await throttle.refund("signInFromAddress", "192.0.2.9");
  }
  for (let n = 0; n < 21; n++) await shared();
  await expect(shared()).rejects.toThrow("Too many tries");
});

test("no counter names an account or an address", async () => {
  await tries("secret@example.com");
  expect(JSON.stringify([...(await client.db().execute("select * from attempt_counters"))])).not.toContain("secret@");
});

test("those who come at once and are within what is free are all let through", async () => {
  for (let round = 0; round < 20; round++) {
    const told = await Promise.all(Array.from({ length: 5 }, () => tries(`together ${round}`)));
    expect(told).toEqual([0, 0, 0, 0, 0]);
  }
});
