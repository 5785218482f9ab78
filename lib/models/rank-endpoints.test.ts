import { expect, test } from "vitest";
import type { Endpoint } from "./catalogue";
import { rankEndpoints } from "./rank-endpoints";

const endpoint = (id: string, prompt: bigint, completion: bigint): Endpoint =>
  ({
    id,
    prices: {
      prompt,
      completion,
      cacheRead: null,
      cacheWrite: null,
      cacheWriteHour: null,
      reasoning: null,
      image: 0n,
      request: 0n,
      tiers: [],
    },
  }) as unknown as Endpoint;

const question = { prompt: 1000, output: 500, hadOutage: () => false, random: () => 0 };
const ids = (endpoints: Endpoint[]) => endpoints.map(({ id }) => id);

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
  const ranked = rankEndpoints(pair, { ...question, hadOutage: ({ id }) => id === "cheap" });
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
