import type { Catalogue } from "@/db/catalogue";
import { Operator } from "@/db/operator";
import { listEndpointsWithPrices, type NewPrice, type PriceRow } from "@/db/queries/endpoint-prices";
import { formatPrice, formatUsd, parsePrice, parseUsd } from "@/lib/money";
import { importPrices, listPriceDifferences, type PriceDifference } from "@/lib/operator/price-import";
import { addPrice } from "@/lib/operator/prices";
import { command, dateOf, required } from "./command";

const operator = Operator.atTheCommandLine();

const TOKEN_PRICES = {
  prompt: { type: "string" },
  completion: { type: "string" },
  "cache-read": { type: "string" },
  "cache-write": { type: "string" },
  reasoning: { type: "string" },
  image: { type: "string" },
  request: { type: "string" },
} as const;

const PACKAGES = { packages: { type: "boolean" } } as const;

export const priceCommands = {
  list: command(
    "List every price that a model's endpoints had, have and will have (US dollars per token), the newest first.",
    { model: { type: "string" } },
    async ({ model }) =>
      (await listEndpointsWithPrices(operator, required(model, "model"))).map(({ endpoint, prices }) => ({
        endpoint: endpoint.id,
        provider: endpoint.providerSlug,
        variant: endpoint.variant,
        enabled: endpoint.enabled,
        prices: prices.map(view),
      })),
  ),
  add: command(
    "Give an endpoint a price (US dollars per token, image, request), from now or from --from on. Earlier ones stay, for the bills they made.",
    { endpoint: { type: "string" }, from: { type: "string" }, "without-tiers": { type: "boolean" }, ...TOKEN_PRICES },
    async ({ endpoint, from, "without-tiers": withoutTiers, ...said }) => {
      const optional = (text: string | undefined) => (text === undefined ? null : parsePrice(text));
      const price: NewPrice = {
        promptPico: parsePrice(required(said.prompt, "prompt")),
        completionPico: parsePrice(required(said.completion, "completion")),
        cacheReadPico: optional(said["cache-read"]),
        cacheWritePico: optional(said["cache-write"]),
        reasoningPico: optional(said.reasoning),
        imageNano: parseUsd(said.image ?? "0"),
        requestNano: parseUsd(said.request ?? "0"),
        ...(withoutTiers && { tiers: [] }),
      };
      const begins = from === undefined ? null : dateOf(from, "from");
      return view(await addPrice(operator, required(endpoint, "endpoint"), price, begins));
    },
  ),
  diff: command(
    "Show where the shipped catalogue's prices differ from those here; with --packages, those of the price packages as they are installed.",
    PACKAGES,
    async ({ packages }) => (await listPriceDifferences(operator, await catalogueOf(packages))).map(difference),
  ),
  import: command(
    "Add the prices of lines that `price diff` shows, by their names; --all for every one of them.",
    { line: { type: "string", multiple: true }, all: { type: "boolean" }, ...PACKAGES },
    async ({ line, all, packages }) => {
      const catalogue = await catalogueOf(packages);
      const lines = all ? (await listPriceDifferences(operator, catalogue)).map((one) => one.line) : line;
      if (!lines) throw new Error("name lines with --line, or all with --all");
      return (await importPrices(operator, lines, catalogue)).map(difference);
    },
  ),
};

/** The price packages are not part of what is deployed: they are there where the project's development packages are. */
async function catalogueOf(packages: boolean | undefined): Promise<Catalogue | undefined> {
  if (!packages) return undefined;
  const { buildCatalogue } = await import("../catalogue/build-catalogue").catch((error) => {
    throw new Error("the price packages are not installed here: npm install without --omit=dev", { cause: error });
  });
  return buildCatalogue();
}

const difference = ({ line, model, provider, from, before, after }: PriceDifference) => ({
  line,
  model,
  provider,
  from: from ?? "now",
  before: before && view(before),
  after: figures(after),
});

const view = ({ id, validFrom, ...price }: PriceRow) => ({ id, from: validFrom, ...figures(price) });

const priceOrNull = (picos: bigint | null | undefined) => (picos == null ? null : formatPrice(picos));

const figures = (price: NewPrice) => ({
  prompt: formatPrice(price.promptPico),
  completion: formatPrice(price.completionPico),
  cacheRead: priceOrNull(price.cacheReadPico),
  cacheWrite: priceOrNull(price.cacheWritePico),
  cacheWriteHour: priceOrNull(price.cacheWriteHourPico),
  reasoning: priceOrNull(price.reasoningPico),
  audio: priceOrNull(price.audioPico),
  image: formatUsd(price.imageNano ?? 0n),
  request: formatUsd(price.requestNano ?? 0n),
  tiers: price.tiers ?? [],
});
