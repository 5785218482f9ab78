import fc from "fast-check";
import { expect, test } from "vitest";
import type { Endpoint } from "./catalogue";
import { affordableOutput, ceilingCost, mostOutputTokens } from "./ceiling";
import { costOf, type PriceList } from "./price";
import type { PromptSize } from "./prompt-size";

const picos = fc.bigInt({ min: 0n, max: 100_000_000n });
const maybe = fc.option(picos, { nil: null });
const tokenPrices = {
  prompt: picos,
  completion: picos,
  cacheRead: maybe,
  cacheWrite: maybe,
  cacheWriteHour: maybe,
  reasoning: maybe,
};
const priceList: fc.Arbitrary<PriceList> = fc.record({
  ...tokenPrices,
  id: fc.constant("price"),
  audio: maybe,
  image: fc.bigInt({ min: 0n, max: 5_000_000n }),
  request: fc.bigInt({ min: 0n, max: 10_000_000n }),
  tiers: fc
    .array(fc.record({ ...tokenPrices, above: fc.integer({ min: 0, max: 120_000 }) }), { maxLength: 2 })
    .map((tiers) => tiers.sort((a, b) => a.above - b.above)),
});
const endpoint: fc.Arbitrary<Endpoint> = fc
  .record({
    prices: priceList,
    contextLength: fc.integer({ min: 100_000, max: 200_000 }),
    maxOutput: fc.option(fc.integer({ min: 16, max: 64_000 })),
  })
  .map((fields) => ({ ...fields, provider: { kind: "openai" } }) as unknown as Endpoint);
const size = (media: boolean): PromptSize => ({
  ...{ bytes: 0, longest: 0, prompts: 1 },
  images: 2,
  media: new Set(media ? ["audio" as const] : []),
  hidden: 0,
  cacheMarks: true,
  hasTools: false,
});
/** Down to BYOK without a fee, where nothing of the provider's price is the account's. */
const markup = fc.integer({ min: -10_000, max: 5_000 });
/** How a prompt falls into its buckets. */
const split = fc.tuple(fc.nat(100), fc.nat(100), fc.nat(100), fc.nat(100), fc.nat(100));

test("a hold is a true bound: however a prompt within it is counted and whatever is generated, the bill is not higher", () => {
  fc.assert(
    fc.property(
      endpoint,
      fc.integer({ min: 1, max: 100_000 }),
      fc.nat(64_000),
      split,
      fc.nat(100),
      markup,
      fc.boolean(),
      (at, prompt, output, parts, thought, basisPoints, media) => {
        const question = { size: size(media), prompt, choices: 1, markupBasisPoints: basisPoints };
        const held = ceilingCost(at, { ...question, output });
        const sent = media ? at.contextLength : prompt;
        const whole = parts.reduce((sum, part) => sum + part, 1);
        const [cacheRead, cacheWrite, cacheWriteHour, audioPart] = parts.map((part) =>
          Math.floor((sent * part) / whole),
        );
        const audio = media ? (audioPart ?? 0) : 0;
        const rest = sent - (cacheRead ?? 0) - (cacheWrite ?? 0) - (cacheWriteHour ?? 0) - audio;
        const reasoning = Math.floor((output * thought) / 100);
        const usage = {
          input: rest,
          cacheRead: cacheRead ?? 0,
          cacheWrite: cacheWrite ?? 0,
          cacheWriteHour: cacheWriteHour ?? 0,
          audio,
          output: output - reasoning,
          reasoning,
        };
        const { total, upstream } = costOf(usage, at.prices, 2, basisPoints);
        expect(total).toBeLessThanOrEqual(held);
        // With the caller's own key, what his provider charges him stands beside it.
        const theirs = ceilingCost(at, { ...question, output, markupBasisPoints: 0 });
        expect(total + upstream).toBeLessThanOrEqual(held + theirs);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("the output that an amount pays for never costs more than the amount", () => {
  fc.assert(
    fc.property(
      endpoint,
      fc.integer({ min: 1, max: 100_000 }),
      fc.bigInt({ min: 0n, max: 10_000_000_000n }),
      fc.integer({ min: 1, max: 4 }),
      markup,
      (at, prompt, amount, choices, markupBasisPoints) => {
        const question = { size: size(false), prompt, choices, markupBasisPoints };
        const output = Math.min(affordableOutput(at, amount, question), 1_000_000);
        if (output > 0) expect(ceilingCost(at, { ...question, output })).toBeLessThanOrEqual(amount);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("the output that a limit pays for, fee and provider's charge together, never counts more than the limit", () => {
  fc.assert(
    fc.property(
      endpoint,
      fc.integer({ min: 1, max: 100_000 }),
      fc.bigInt({ min: 1n, max: 10_000_000_000n }),
      fc.integer({ min: 0, max: 10_000 }),
      (at, prompt, limit, fee) => {
        const question = (markupBasisPoints: number) => ({ size: size(false), prompt, choices: 1, markupBasisPoints });
        const output = Math.min(affordableOutput(at, limit - 1n, question(fee)), 1_000_000);
        const counted =
          ceilingCost(at, { ...question(fee - 10_000), output }) + ceilingCost(at, { ...question(0), output });
        if (output > 0) expect(counted).toBeLessThanOrEqual(limit);
      },
    ),
    { numRuns: 2_000 },
  );
});

test("an answer that nobody capped is capped by what the endpoint can do, and by the room that the prompt leaves", () => {
  const at = (maxOutput: number | null) => ({ maxOutput, contextLength: 10_000 }) as Endpoint;
  expect(mostOutputTokens(at(4_096), 1_000)).toBe(4_096);
  expect(mostOutputTokens(at(4_096), 9_000)).toBe(1_000);
  expect(mostOutputTokens(at(null), 1_000)).toBe(9_000);
  expect(mostOutputTokens({ maxOutput: null, contextLength: 1_000_000 } as Endpoint, 10)).toBe(16_384);
});

test("of many prompts each may be as long as the context, and all are paid for", () => {
  const prices = {
    prompt: 1_000n,
    completion: 0n,
    cacheRead: null,
    reasoning: null,
    image: 0n,
    request: 0n,
    tiers: [],
  };
  const at = { prices, contextLength: 100, provider: { kind: "openai" } } as unknown as Endpoint;
  const question = { prompt: 950, output: 0, choices: 1, markupBasisPoints: 0 };
  const many = { ...size(false), images: 0, prompts: 10 };
  expect(ceilingCost(at, { ...question, size: many })).toBe(950n);
  expect(ceilingCost(at, { ...question, size: { ...many, prompts: 1 } })).toBe(100n);
});
