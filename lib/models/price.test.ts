import fc from "fast-check";
import { expect, test } from "vitest";
import { noTokens } from "@/lib/protocol/token-usage";
import { costOf, type PriceList, pricesFor } from "./price";

const list: PriceList = {
  id: "price",
  audio: null,
  prompt: 37_500n,
  completion: 150_000n,
  cacheRead: 3_750n,
  cacheWrite: 46_875n,
  cacheWriteHour: null,
  reasoning: null,
  image: 0n,
  request: 0n,
  tiers: [],
};

test("137 prompt tokens at 37,500 pico-USD are 5,138 nano-USD: exact to the last step, then up", () => {
  expect(costOf({ ...noTokens, input: 137 }, list, 0, 0).total).toBe(5_138n);
});

test("each bucket is billed at its own price, and adds up", () => {
  const usage = {
    input: 1000,
    cacheRead: 2000,
    cacheWrite: 400,
    cacheWriteHour: 80,
    audio: 0,
    output: 300,
    reasoning: 50,
  };
  const picos = 1000n * 37_500n + 2000n * 3_750n + 400n * 46_875n + 80n * 46_875n + 350n * 150_000n;
  expect(costOf(usage, list, 0, 0)).toMatchObject({ total: picos / 1000n, upstream: picos / 1000n });
});

test("a price of its own for reasoning is used where there is one", () => {
  const usage = { ...noTokens, output: 1000, reasoning: 1000 };
  expect(costOf(usage, { ...list, reasoning: 600_000n }, 0, 0).total).toBe(750_000n);
});

test("the markup is on the cost, is rounded once with it, and is the account's alone", () => {
  const cost = costOf({ ...noTokens, input: 137 }, list, 0, 550);
  expect(cost.total).toBe(5_421n); // 5137.5 × 1.055 = 5420.06
  expect(cost.upstream).toBe(5_138n);
});

test("images and the request itself have prices too", () => {
  expect(costOf(noTokens, { ...list, image: 1_000_000n, request: 500n }, 3, 0).total).toBe(3_000_500n);
});

test("a tier's prices hold for the whole request, from the first token above its mark", () => {
  const tiered = { ...list, tiers: [{ ...list, above: 200_000, prompt: 75_000n }] };
  expect(pricesFor(tiered, 200_000).prompt).toBe(37_500n);
  expect(pricesFor(tiered, 200_001).prompt).toBe(75_000n);
  expect(costOf({ ...noTokens, input: 100_001, cacheRead: 100_000 }, tiered, 0, 0).total).toBe(
    (100_001n * 75_000n + 100_000n * 3_750n) / 1000n,
  );
});

test("a million bills of the largest sizes stay exact", () => {
  const usage = { ...noTokens, input: 10_000_000 };
  expect(costOf(usage, { ...list, prompt: 900_000_000_000n }, 0, 0).total).toBe(9_000_000_000_000_000n);
});

test("fifty thousand bills are the rational sum, rounded up once: never less, and never a nano-dollar more", () => {
  const tokens = fc.integer({ min: 0, max: 10_000_000 });
  const price = fc.bigInt({ min: 0n, max: 900_000_000_000n });
  const usage = fc.record({
    ...{ input: tokens, cacheRead: tokens, cacheWrite: tokens, cacheWriteHour: tokens },
    ...{ audio: tokens, output: tokens, reasoning: tokens },
  });
  const prices = fc.record({
    ...{ prompt: price, completion: price, cacheRead: price, cacheWrite: price },
    ...{ cacheWriteHour: price, reasoning: price, audio: price },
  });
  const markup = fc.integer({ min: -10_000, max: 100_000 });
  fc.assert(
    fc.property(usage, prices, markup, (used, at, basisPoints) => {
      const pairs: [number, bigint][] = [
        ...([
          [used.input, at.prompt],
          [used.cacheRead, at.cacheRead],
          [used.cacheWrite, at.cacheWrite],
        ] as [number, bigint][]),
        ...([
          [used.cacheWriteHour, at.cacheWriteHour],
          [used.audio, at.audio],
        ] as [number, bigint][]),
        ...([
          [used.output, at.completion],
          [used.reasoning, at.reasoning],
        ] as [number, bigint][]),
      ];
      // In units of 1e-16 US dollars, in which it is exact: pico-dollars times hundredths of a per cent.
      const exact = pairs.reduce((sum, [count, each]) => sum + BigInt(count) * each, 0n) * BigInt(10_000 + basisPoints);
      const { total } = costOf(used, { ...list, ...at }, 0, basisPoints);
      const over = total * 10_000_000n - exact;
      expect(over >= 0n && over < 10_000_000n).toBe(true);
    }),
    { numRuns: 50_000 },
  );
});
