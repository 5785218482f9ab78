import { type Provider, updatePrices } from "@pydantic/genai-prices";
import { beforeAll, describe, expect, it } from "vitest";
import { findSourceModel, laterPriceDays, sourceModel, sourcePrices } from "./price-source";

const model = (id: string, prices: Provider["models"][number]["prices"], more = {}) => ({
  id,
  match: { equals: id },
  prices,
  ...more,
});
const night = { type: "time_of_date", start_time: "01:00:00Z", end_time: "04:00:00Z" } as const;
const since = (start_date: string) => ({ type: "start_date", start_date }) as const;

const host: Provider = {
  id: "host",
  name: "Host",
  api_pattern: "https://host\\.example",
  provider_match: { contains: "host" },
  models: [
    model("flat", { input_mtok: 1, output_mtok: 2 }),
    model("gone", { input_mtok: 1, output_mtok: 2 }, { deprecated: true }),
    model("dated", [
      { prices: { input_mtok: 5, output_mtok: 30 } },
      { constraint: since("2026-08-21"), prices: { input_mtok: 4, output_mtok: 20 } },
      { constraint: since("2027-01-01"), prices: { input_mtok: 6, output_mtok: 40 } },
    ]),
    model("hourly", [
      { prices: { input_mtok: 1, output_mtok: 2 } },
      { constraint: night, prices: { input_mtok: 2, output_mtok: 4 } },
    ]),
    model("crossed", [
      { prices: { input_mtok: 1, output_mtok: 4 } },
      { constraint: night, prices: { input_mtok: 2, output_mtok: 2 } },
    ]),
  ],
};

beforeAll(() =>
  updatePrices(({ setProviderData }: { setProviderData: (data: Provider[]) => void }) => setProviderData([host])),
);

describe("sourcePrices", () => {
  it("takes the prices in force on the day", () => {
    expect(sourcePrices(["host", "dated"], "2026-08-20")).toMatchObject({ input_mtok: 5, output_mtok: 30 });
    expect(sourcePrices(["host", "dated"], "2026-08-21")).toMatchObject({ input_mtok: 4, output_mtok: 20 });
    expect(sourcePrices(["host", "dated"], "2026-11-23")).toMatchObject({ input_mtok: 4, output_mtok: 20 });
  });

  it("takes the day's dearest where the hour decides", () => {
    expect(sourcePrices(["host", "hourly"], "2026-11-23")).toMatchObject({ input_mtok: 2, output_mtok: 4 });
  });

  it("refuses to choose between hours of which none is the dearer throughout", () => {
    expect(() => sourcePrices(["host", "crossed"], "2026-11-23")).toThrow(/neither of two hours' prices/);
  });

  it("refuses a model that has no price", () => {
    expect(() => sourcePrices(["host", "unknown"], "2026-11-23")).toThrow(/no price for unknown/);
  });
});

describe("laterPriceDays", () => {
  it("finds the announced changes, and none where the prices do not change", () => {
    expect(laterPriceDays(sourceModel(["host", "dated"]), "2026-11-23")).toEqual(["2027-01-01"]);
    expect(laterPriceDays(sourceModel(["host", "flat"]), "2026-11-23")).toEqual([]);
    expect(laterPriceDays(sourceModel(["host", "hourly"]), "2026-11-23")).toEqual([]);
  });
});

describe("sourceModel", () => {
  it("refuses a model that is not there, or no longer served", () => {
    expect(() => sourceModel(["host", "unknown"])).toThrow(/no price for unknown/);
    expect(() => sourceModel(["host", "gone"])).toThrow(/serves gone no longer/);
  });

  it("takes no other provider whose name is only like the one asked for", () => {
    expect(findSourceModel(["another-host", "flat"])).toBeUndefined();
  });
});
