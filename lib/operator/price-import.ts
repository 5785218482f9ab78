import { createHash } from "node:crypto";
import { type Catalogue, catalogue as shippedCatalogue } from "@/db/catalogue";
import type { Operator } from "@/db/operator";
import { listPricesFromNow, type NewPrice, type PriceRow } from "@/db/queries/endpoint-prices";
import { toPriceRow } from "@/db/seed";
import { AppError } from "@/lib/errors";
import { addPrice } from "./prices";

/** One price that the catalogue has and this server has not. */
export type PriceDifference = {
  /** Names the endpoint, the beginning and the price itself: who approves a line approves what he saw. */
  line: string;
  endpointId: string;
  model: string;
  provider: string;
  /** Null: from now. */
  from: Date | null;
  /** What is in force then, as far as is known here, and since when. */
  before: PriceRow | undefined;
  after: NewPrice;
};

/** Where the catalogue's prices differ from those here, now and announced; by default of the catalogue that is shipped. */
export async function listPriceDifferences(
  operator: Operator,
  catalogue: Catalogue = shippedCatalogue,
): Promise<PriceDifference[]> {
  const here = await listPricesFromNow(operator);
  const now = Date.now();
  return here.flatMap(({ endpoint, prices }) => {
    const model = catalogue.models.find(({ slug }) => slug === endpoint.modelSlug);
    const offered = model?.endpoints.find(({ provider }) => provider === endpoint.providerSlug);
    if (!offered) return [];
    const announced = (offered.priceChanges ?? []).map((change) => ({
      at: new Date(`${change.from}T00:00:00Z`),
      prices: change.prices,
    }));
    const begun = announced.filter(({ at }) => at.getTime() <= now).at(-1);
    const wanted = [
      { from: null, prices: begun?.prices ?? offered.prices },
      ...announced.filter(({ at }) => at.getTime() > now).map(({ at, prices }) => ({ from: at, prices })),
    ];
    return wanted.flatMap(({ from, prices: shipped }) => {
      const until = from?.getTime() ?? now;
      const before = prices.filter(({ validFrom }) => validFrom.getTime() <= until).at(-1);
      const { endpointId: _id, validFrom: _from, ...after } = toPriceRow(endpoint.id, new Date(0), shipped);
      if (before && contentOf(before) === contentOf(after)) return [];
      const line = `${endpoint.id}.${from?.getTime() ?? "now"}.${digest(contentOf(after))}`;
      return [
        {
          line,
          endpointId: endpoint.id,
          model: endpoint.modelSlug,
          provider: endpoint.providerSlug,
          from,
          before,
          after,
        },
      ];
    });
  });
}

/**
 * Adds the prices of the lines that were approved.
 * @throws AppError `conflict`, with nothing added, when one of them is no difference any more
 */
export async function importPrices(
  operator: Operator,
  lines: readonly string[],
  catalogue?: Catalogue,
): Promise<PriceDifference[]> {
  const known = new Map((await listPriceDifferences(operator, catalogue)).map((one) => [one.line, one]));
  const approved = [...new Set(lines)].map((line) => {
    const found = known.get(line);
    if (!found) throw new AppError("conflict", "The prices have changed since. Look at the differences anew.");
    return found;
  });
  for (const { endpointId, after, from } of approved) await addPrice(operator, endpointId, after, from);
  return approved;
}

const FIELDS = [
  ...(["promptPico", "completionPico", "cacheReadPico", "cacheWritePico", "cacheWriteHourPico"] as const),
  ...(["reasoningPico", "audioPico"] as const),
];
const TIER_FIELDS = [
  ...(["abovePromptTokens", "promptPico", "completionPico", "cacheReadPico", "cacheWritePico"] as const),
  ...(["cacheWriteHourPico", "reasoningPico"] as const),
];

/** The same text for the same price, whatever order the database keeps fields in. */
function contentOf(price: NewPrice): string {
  const text = (value: unknown) => (value == null ? "-" : String(value));
  const tiers = (price.tiers ?? []).map((tier) => TIER_FIELDS.map((name) => text(tier[name])).join());
  const flat = [price.imageNano ?? 0n, price.requestNano ?? 0n].map(text);
  return [...FIELDS.map((name) => text(price[name])), ...flat, ...tiers].join(";");
}

const digest = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 16);
