import { describe, expect, it } from "vitest";
import { nanoPerRequest, picoPerToken } from "./exact-price";

describe("picoPerToken", () => {
  it.each([
    [0.0375, "37500"],
    [0.15, "150000"],
    [1e-6, "1"],
    [3e-6, "3"],
    [1.25, "1250000"],
    [0.003625, "3625"],
    [150, "150000000"],
    [1e21, "1000000000000000000000000000"],
    [0, "0"],
  ])("reads $%s per million tokens as %s pico-USD per token", (usd, pico) => {
    expect(picoPerToken(usd)).toBe(pico);
  });

  it("gives what the money reader gives for the same price per token", async () => {
    const { parsePrice } = await import("@/lib/money");
    expect(parsePrice("0.0000000375")).toBe(BigInt(picoPerToken(0.0375)));
  });

  it.each([0.0833333333, 1e-7, 0.18000000000000002])("refuses %s, which no whole number of pico-USD is", (usd) => {
    expect(() => picoPerToken(usd)).toThrow(/finer than the unit/);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("refuses %s", (usd) => {
    expect(() => picoPerToken(usd)).toThrow(/is not a price/);
  });
});

describe("nanoPerRequest", () => {
  it("reads $12 per thousand requests as 0.012 dollars each", () => {
    expect(nanoPerRequest(12)).toBe("12000000");
  });
});
