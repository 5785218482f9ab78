import { beforeEach, expect, test } from "vitest";
import { ProviderError, type ProviderFailure } from "@/lib/errors";
import { type Health, makeHealth, type Watched } from "./endpoint-health";

const one: Watched = { id: "one", modelSlug: "test/one", provider: { slug: "acme", name: "Acme" } };
const error = (kind: ProviderFailure, retryAfter?: number) => new ProviderError("Acme", kind, "No.", { retryAfter });

let now = 0;
let a: Health;
let b: Health;

/** Two processes that were not started at the same time: each has a clock of its own. */
beforeEach(() => {
  now = 100_000;
  a = makeHealth({ now: () => now, random: () => 0.5 });
  b = makeHealth({ now: () => now + 7_654_321, random: () => 0.5 });
});

/** Each hears what the other took down, so many milliseconds late. */
function exchange(delay = 1_000) {
  const [ofA, ofB] = [a.takeNews(), b.takeNews()];
  now += delay;
  for (const news of ofA) b.hear(JSON.parse(JSON.stringify(news)), delay);
  for (const news of ofB) a.hear(JSON.parse(JSON.stringify(news)), delay);
}

const fail = (health: Health, times: number, kind: ProviderFailure = "server") => {
  for (let count = 0; count < times; count++) health.begin(one)?.failed(error(kind));
};
const circuits = () => [a, b].map((health) => health.report().find(({ id }) => id === "one")?.circuit);

test("a circuit that one opens is open at the other, for what is left of its time", () => {
  fail(a, 5);
  exchange();
  expect(circuits()).toEqual(["open", "open"]);
  expect(b.begin(one)).toBeUndefined();
  expect([a, b].map((health) => health.waitFor("one").milliseconds)).toEqual([9_000, 9_000]);
  now += 9_000;
  expect(circuits()).toEqual(["half-open", "half-open"]);
});

test("a refused key that was replaced keeps nobody away, who opened the circuit and whoever hears of the new key first", () => {
  const withKey = (mark: string): Watched => ({ ...one, provider: { ...one.provider, credential: { mark } } });
  a.begin(withKey("old"))?.failed(error("credential"));
  exchange();
  expect(b.begin(withKey("old"))).toBeUndefined();
  b.begin(withKey("new"))?.answered(50);
  exchange();
  expect([a, b].map((health) => health.standingOf(withKey("new")))).toEqual(["well", "well"]);
  // One that has the old key still tells of it, and nobody who has the new one minds.
  a.begin(withKey("old"))?.failed(error("credential"));
  exchange();
  expect(b.standingOf(withKey("new"))).toBe("well");
});

test("what none of them saw alone, they see together", () => {
  fail(a, 3);
  fail(b, 3);
  expect(circuits()).toEqual(["closed", "closed"]);
  exchange();
  expect(circuits()).toEqual(["open", "open"]);
});

test("whoever tries and is answered closes it for the other too, and old failures do not open it again there", () => {
  fail(a, 9);
  exchange();
  now += 9_500;
  b.begin(one)?.answered(50);
  exchange();
  expect(circuits()).toEqual(["closed", "closed"]);
  fail(a, 1);
  fail(b, 1);
  exchange();
  expect(circuits()).toEqual(["closed", "closed"]);
});

test("of two decisions the later one holds for both", () => {
  fail(a, 5);
  exchange();
  now += 9_500;
  b.begin(one)?.answered(50);
  now += 10;
  a.begin(one)?.failed(error("server"));
  exchange();
  expect(circuits()).toEqual(["open", "open"]);
  // The probe that failed opened it for twenty seconds.
  expect(b.waitFor("one").milliseconds).toBe(19_000);
});

test("a provider that limits the rate of one is left alone by the other", () => {
  a.begin(one)?.failed(error("throttled", 30));
  exchange();
  expect(b.begin(one)).toBeUndefined();
  expect(b.waitFor("one")).toEqual({ milliseconds: 29_000, throttled: true });
});

test("what one measured, the other knows; and nothing is told twice, or back", () => {
  for (const ms of [100, 200, 300]) a.begin(one)?.answered(ms);
  a.noteThroughput("one", 50);
  exchange();
  expect(b.speedOf("one")).toEqual(a.speedOf("one"));
  expect(b.report()[0]?.windows["5m"]).toMatchObject({ answered: 3, failed: 0 });
  expect([a.takeNews(), b.takeNews()]).toEqual([[], []]);
});

test("what did not get through is told the next time, as it stands then; its counts are lost", () => {
  fail(a, 5);
  const lost = a.takeNews();
  now += 2_000;
  a.tellAgain(lost);
  expect(a.takeNews()).toMatchObject([
    { tally: { answered: 0, failed: 0 }, circuit: { openFor: 8_000, changedAgo: 2_000 }, throttledFor: null },
  ]);
});
