import fc from "fast-check";
import { expect, test } from "vitest";
import { endpointNamed } from "./endpoint-named";
import { type Question, rankEndpoints } from "./rank-endpoints";
import type { Speed } from "./speed";

const endpoint = (id: string, prompt: bigint, completion: bigint) =>
  endpointNamed(id, { prices: { prompt, completion } });

const unmeasured = {};
const failing =
  (...ids: string[]) =>
  ({ id }: { id: string }) =>
    ids.includes(id) ? ("ailing" as const) : ("well" as const);
const question = {
  ...{ prompt: 1000, output: 500, preferences: {}, random: () => 0 },
  standingOf: failing(),
  speedOf: () => unmeasured,
  toolFaultsOf: () => 0.1,
  asksForTools: false,
};
const ids = (endpoints: { id: string }[]) => endpoints.map(({ id }) => id);

test("chances go by the inverse square of the expected price: at twice the price, a fifth of the requests", () => {
  const pair = [endpoint("cheap", 100n, 400n), endpoint("dear", 200n, 800n)];
  expect(ids(rankEndpoints(pair, { ...question, random: () => 0.799 }))).toEqual(["cheap", "dear"]);
  expect(ids(rankEndpoints(pair, { ...question, random: () => 0.801 }))).toEqual(["dear", "cheap"]);
});

test("the price that counts is this request's: a long answer makes a dear completion dear", () => {
  const pair = [endpoint("dear-answers", 100n, 10_000n), endpoint("dear-prompts", 1_000n, 1_000n)];
  const at = (output: number) => ids(rankEndpoints(pair, { ...question, output, random: () => 0.5 }))[0];
  expect(at(1)).toBe("dear-answers");
  expect(at(4_000)).toBe("dear-prompts");
});

test("an endpoint that failed a moment ago comes after every one that did not, and is still there", () => {
  const pair = [endpoint("cheap", 1n, 1n), endpoint("dear", 900n, 900n)];
  const ranked = rankEndpoints(pair, { ...question, standingOf: failing("cheap") });
  expect(ids(ranked)).toEqual(["dear", "cheap"]);
});

test("a free endpoint comes first", () => {
  const pair = [endpoint("paid", 1n, 1n), endpoint("free", 0n, 0n)];
  expect(ids(rankEndpoints(pair, { ...question, random: () => 0.999 }))).toEqual(["free", "paid"]);
});

test("every endpoint is drawn once, whatever is drawn", () => {
  const many = [1n, 2n, 3n, 4n, 5n].map((price) => endpoint(String(price), price, price));
  for (const mark of [0, 0.25, 0.5, 0.75, 0.999999])
    expect(ids(rankEndpoints(many, { ...question, random: () => mark })).sort()).toEqual(["1", "2", "3", "4", "5"]);
});

const three = [endpoint("dear", 900n, 900n), endpoint("cheap", 1n, 1n), endpoint("middling", 30n, 30n)];
const likely = { ...question, random: () => 0.5 };
const speeds: Record<string, Speed> = {
  dear: {
    latency: { p50: 0.2, p75: 0.3, p90: 0.3, p99: 0.3 },
    throughput: { p50: 90, p75: 20, p90: 20, p99: 20 },
  },
  cheap: {
    latency: { p50: 4, p75: 5, p90: 5, p99: 5 },
    throughput: { p50: 40, p75: 40, p90: 40, p99: 40 },
  },
};
const speedOf = ({ id }: { id: string }) => speeds[id] ?? unmeasured;

test("the providers that a caller names come first in his order, and the others after them", () => {
  const ranked = rankEndpoints(three, { ...likely, preferences: { order: ["middling", "nobody", "dear"] } });
  expect(ids(ranked)).toEqual(["middling", "dear", "cheap"]);
  const ailing = { ...likely, standingOf: failing("middling") };
  expect(ids(rankEndpoints(three, { ...ailing, preferences: { order: ["middling"] } }))[0]).toBe("middling");
});

test.each([
  ["price", ["cheap", "middling", "dear"]],
  ["throughput", ["dear", "cheap", "middling"]],
  ["latency", ["dear", "cheap", "middling"]],
] as const)("sorted by %s nothing is drawn, and what nobody measured comes last", (by, order) => {
  for (const mark of [0, 0.5, 0.999999])
    expect(
      ids(rankEndpoints(three, { ...likely, speedOf, preferences: { sort: { by } }, random: () => mark })),
    ).toEqual(order);
  const allFailing = { ...likely, speedOf, standingOf: failing(order[0]) };
  expect(ids(rankEndpoints(three, { ...allFailing, preferences: { sort: { by } } }))[0]).toBe(order[0]);
});

test.each([
  ["a latency is of the median", { preferred_max_latency: 1 }, ["middling", "dear", "cheap"]],
  ["one that all meet moves nothing", { preferred_max_latency: 4 }, ["cheap", "middling", "dear"]],
  ["every percentile must hold", { preferred_max_latency: { p50: 4, p99: 4.5 } }, ["middling", "dear", "cheap"]],
  ["a throughput is of the median", { preferred_min_throughput: 50 }, ["middling", "dear", "cheap"]],
  ["one of p90 is what nine in ten reach", { preferred_min_throughput: { p90: 30 } }, ["cheap", "middling", "dear"]],
  ["both may miss", { preferred_min_throughput: { p90: 30 }, preferred_max_latency: 1 }, ["middling", "cheap", "dear"]],
] as const)("who is slower than preferred goes to the back: %s", (_title, preferences, order) => {
  expect(ids(rankEndpoints(three, { ...likely, speedOf, preferences }))).toEqual(order);
});

test("ranking loses nobody and names nobody twice, and what is asked for holds of every neighbouring pair", () => {
  const prices = fc.uniqueArray(fc.bigInt(0n, 10_000n), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(
      prices,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.integer(),
      (list, mark, failing) => {
        const many = list.map((price) => endpoint(String(price), price, price));
        const isAiling = ({ id }: { id: string }) => Number(id) % 3 === Math.abs(failing) % 3;
        const standingOf = (one: { id: string }) => (isAiling(one) ? "ailing" : "well");
        const drawn = rankEndpoints(many, { ...likely, standingOf, random: () => mark });
        expect(ids(drawn).sort()).toEqual(ids(many).sort());
        const firstAiling = drawn.findIndex(isAiling);
        if (firstAiling >= 0) expect(drawn.slice(firstAiling).every(isAiling)).toBe(true);
        const sorted = rankEndpoints(many, { ...likely, preferences: { sort: { by: "price" } }, random: () => mark });
        expect(ids(sorted).map(Number)).toEqual([...list].map(Number).sort((a, b) => a - b));
      },
    ),
  );
});

test("a conversation stays at its endpoint, unless that failed a moment ago or the caller says where to go", () => {
  const stuck = { ...likely, stuckTo: "dear" };
  expect(ids(rankEndpoints(three, stuck))).toEqual(["dear", "cheap", "middling"]);
  const ailing = { ...stuck, standingOf: failing("dear") };
  expect(ids(rankEndpoints(three, ailing))).toEqual(["cheap", "middling", "dear"]);
  expect(ids(rankEndpoints(three, { ...stuck, preferences: { order: ["middling"] } }))).toEqual([
    "middling",
    "cheap",
    "dear",
  ]);
  expect(ids(rankEndpoints(three, { ...stuck, preferences: { sort: { by: "price" } } }))[0]).toBe("cheap");
});

test("what is not to be asked now comes last, whatever the caller sorts by or names first", () => {
  const standingOf = ({ id }: { id: string }) => (id === "cheap" ? ("out" as const) : ("well" as const));
  const lastOf = (preferences: Question["preferences"]) =>
    ids(rankEndpoints(three, { ...likely, standingOf, preferences })).at(-1);
  expect([lastOf({}), lastOf({ sort: { by: "price" } }), lastOf({ order: ["cheap"] })]).toEqual(Array(3).fill("cheap"));
});

const faults: Record<string, number> = { cheap: 0.3, middling: 0.02, dear: 0.1 };
const toolFaultsOf = ({ id }: { id: string }) => faults[id] ?? 0;

test("where there are tools, whose calls are often faulty is asked after those whose calls are sound", () => {
  expect(ids(rankEndpoints(three, { ...likely, toolFaultsOf }))[0]).toBe("cheap");
  expect(ids(rankEndpoints(three, { ...likely, toolFaultsOf, asksForTools: true }))).toEqual([
    "middling",
    "dear",
    "cheap",
  ]);
  const byPrice = { ...likely, toolFaultsOf, asksForTools: true, preferences: { sort: { by: "price" as const } } };
  expect(ids(rankEndpoints(three, byPrice))).toEqual(["cheap", "middling", "dear"]);
});

test("sorted by exacto, it is how seldom calls were faulty, then the speed, then the price", () => {
  const preferences = { sort: { by: "exacto" as const } };
  const sorted = (more: object) => ids(rankEndpoints(three, { ...likely, preferences, ...more }));
  expect(sorted({ toolFaultsOf })).toEqual(["middling", "dear", "cheap"]);
  expect(sorted({ speedOf })).toEqual(["dear", "cheap", "middling"]);
  expect(sorted({})).toEqual(["cheap", "middling", "dear"]);
});

test("by worth it is the cheapest, unless too little of what it answers is of use, or it failed a moment ago", () => {
  const near = [endpoint("dear", 110n, 110n), endpoint("cheap", 100n, 100n), endpoint("free", 0n, 0n)];
  const worth = (more: object) => ids(rankEndpoints(near, { ...likely, byWorth: true, ...more }));
  expect(worth({})).toEqual(["free", "cheap", "dear"]);
  const useless = (share: number) => ({
    asksForTools: true,
    toolFaultsOf: ({ id }: { id: string }) => (id === "cheap" ? share : 0),
  });
  expect(worth(useless(0.08))).toEqual(["free", "cheap", "dear"]);
  expect(worth(useless(0.12))).toEqual(["free", "dear", "cheap"]);
  expect(worth({ standingOf: failing("free") })).toEqual(["cheap", "dear", "free"]);
  const lost = (share: number) => ({ failedShareOf: ({ id }: { id: string }) => (id === "cheap" ? share : 0) });
  expect(worth(lost(0.08))).toEqual(["free", "cheap", "dear"]);
  expect(worth(lost(0.12))).toEqual(["free", "dear", "cheap"]);
});

test("who can go on with what was signed goes before the others, but not before one that did not just fail", () => {
  const readsSignatures = ({ id }: { id: string }) => id === "dear";
  expect(ids(rankEndpoints(three, { ...likely, readsSignatures }))[0]).toBe("dear");
  expect(ids(rankEndpoints(three, { ...likely, readsSignatures, stuckTo: "cheap" }))[0]).toBe("dear");
  expect(ids(rankEndpoints(three, { ...likely, readsSignatures, standingOf: failing("dear") })).at(-1)).toBe("dear");
});
