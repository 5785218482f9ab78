import { TieredPrices } from "@pydantic/genai-prices";
import { describe, expect, it } from "vitest";
import { toCataloguePrices } from "./prices";

const tiered = (base: number, ...tiers: [start: number, price: number][]) =>
  new TieredPrices({ base, tiers: tiers.map(([start, price]) => ({ start, price })) });

describe("toCataloguePrices", () => {
  it("has null for what is not priced apart", () => {
    expect(toCataloguePrices({ input_mtok: 0.15, output_mtok: 0.6, cache_read_mtok: 0.075 }, false)).toEqual({
      promptPico: "150000",
      completionPico: "600000",
      cacheReadPico: "75000",
      cacheWritePico: null,
      cacheWriteHourPico: null,
      reasoningPico: null,
      imageNano: null,
      requestNano: null,
      audioPico: null,
      audioCacheReadPico: null,
      tiers: [],
    });
  });

  it("keeps both times of cache writes, reasoning, audio and the price per request", () => {
    const prices = toCataloguePrices(
      {
        input_mtok: 3,
        output_mtok: 15,
        cache_write_mtok: 3.75,
        cache_write_1h_mtok: 6,
        output_reasoning_mtok: 16,
        input_audio_mtok: 4,
        cache_audio_read_mtok: 0.5,
        requests_kcount: 14,
      },
      false,
    );
    expect(prices).toMatchObject({
      cacheWritePico: "3750000",
      cacheWriteHourPico: "6000000",
      reasoningPico: "16000000",
      audioPico: "4000000",
      audioCacheReadPico: "500000",
      requestNano: "14000000",
    });
  });

  it("makes one tier of each length at which any price changes, with every price that applies there", () => {
    const { promptPico, completionPico, tiers } = toCataloguePrices(
      { input_mtok: tiered(1, [200, 2], [400, 3]), output_mtok: tiered(10, [400, 20]), cache_read_mtok: 0.5 },
      false,
    );
    expect([promptPico, completionPico]).toEqual(["1000000", "10000000"]);
    const rest = { cacheReadPico: "500000", cacheWritePico: null, cacheWriteHourPico: null, reasoningPico: null };
    expect(tiers).toEqual([
      { abovePromptTokens: 200, promptPico: "2000000", completionPico: "10000000", ...rest },
      { abovePromptTokens: 400, promptPico: "3000000", completionPico: "20000000", ...rest },
    ]);
  });

  it("charges nothing for the completion of an embedding, and only there", () => {
    expect(toCataloguePrices({ input_mtok: 0.02 }, true).completionPico).toBe("0");
    expect(() => toCataloguePrices({ input_mtok: 0.02 }, false)).toThrow(/no price for the prompt or the completion/);
  });

  it("refuses a model without prices rather than make it free", () => {
    expect(() => toCataloguePrices({}, false)).toThrow(/no price for the prompt or the completion/);
  });

  it("refuses a price that it would not bill", () => {
    expect(() => toCataloguePrices({ input_mtok: 1, output_mtok: 2, output_image_mtok: 30 }, false)).toThrow(
      /no place for the price output_image_mtok/,
    );
    expect(() =>
      toCataloguePrices({ input_mtok: 1, output_mtok: 2, input_audio_mtok: tiered(1, [9, 2]) }, false),
    ).toThrow(/only prices of text have tiers/);
  });

  it("leaves out the prices of tools that nothing calls", () => {
    expect(toCataloguePrices({ input_mtok: 1, output_mtok: 2, web_searches_kcount: 10 }, false).requestNano).toBeNull();
  });
});
