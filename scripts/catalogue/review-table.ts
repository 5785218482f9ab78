import { MODEL_CONFIGS } from "llm-zoo";
import type { Catalogue, CatalogueEndpoint, CataloguePrices } from "@/db/catalogue";
import { picoPerToken } from "./exact-price";
import type { OfferedModel } from "./offer";
import { offeredModels } from "./offered-models";

/** One line per endpoint, in US dollars per million tokens, for a person to hold against the providers' own pages. */
export function reviewTable(catalogue: Catalogue): string {
  const heading = ["model", "provider", "context", "output", "in", "out", "read", "write", "1h", "tiers", "remarks"];
  const rows = catalogue.models.flatMap((model) => {
    const offered = offeredModels.find(({ slug }) => slug === model.slug);
    return model.endpoints.map((endpoint) => [
      model.slug,
      endpoint.provider,
      String(endpoint.contextLength),
      String(endpoint.maxOutput ?? "?"),
      ...priceColumns(endpoint.prices),
      remarks(endpoint, offered),
    ]);
  });
  const widths = heading.map((_, column) => Math.max(...[heading, ...rows].map((row) => (row[column] ?? "").length)));
  return [heading, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function priceColumns(prices: CataloguePrices): string[] {
  const { promptPico, completionPico, cacheReadPico, cacheWritePico, cacheWriteHourPico, tiers } = prices;
  const columns = [promptPico, completionPico, cacheReadPico, cacheWritePico, cacheWriteHourPico];
  const above = tiers.map(
    (tier) => `>${tier.abovePromptTokens}: ${dollars(tier.promptPico)}/${dollars(tier.completionPico)}`,
  );
  return [...columns.map(dollars), above.join(" ")];
}

function remarks({ prices, priceChanges = [] }: CatalogueEndpoint, offered: OfferedModel | undefined): string {
  const registry = MODEL_CONFIGS[offered?.registryKey ?? ""];
  const differs =
    registry &&
    (picoPerToken(registry.inputPrice) !== prices.promptPico ||
      picoPerToken(registry.outputPrice) !== prices.completionPico);
  return [
    ...(differs ? [`llm-zoo: ${registry.inputPrice}/${registry.outputPrice}`] : []),
    ...priceChanges.map(
      ({ from, prices: later }) => `from ${from}: ${dollars(later.promptPico)}/${dollars(later.completionPico)}`,
    ),
    ...(offered?.expirationDate ? [`ends ${offered.expirationDate}`] : []),
  ].join("; ");
}

const dollars = (pico: string | null) => (pico === null ? "" : String(Number(pico) / 1e6));
