import { createHash } from "node:crypto";
import { type CatalogueRows, catalogueVersion, readCatalogue } from "@/db/queries/catalogue";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { processWide } from "@/lib/process-wide";
import { unseal } from "@/lib/seal";
import { availability } from "./availability";
import type { PriceList } from "./price";

/** The operator's key, where it goes, and what tells the two from those that stood there before. */
export type Credential = { apiKey: string; baseUrl?: string; mark: string };

/** Where an endpoint's requests go. Without a credential, only callers' own keys reach it. */
export type Provider = {
  slug: string;
  name: string;
  kind: "openai" | "anthropic" | "google";
  credential?: Credential;
  /** Where a caller's own key goes; without it, the SDK's own address. */
  address?: string;
};

/** What becomes of prompts where they are sent. Null: nobody knows. */
export type DataPolicy = { trainsOnPrompts: boolean | null; retainsPrompts: boolean | null };

export type Endpoint = DataPolicy & {
  id: string;
  modelSlug: string;
  provider: Provider;
  variant: string;
  upstreamModel: string;
  contextLength: number;
  maxOutput: number | null;
  supportedParameters: ReadonlySet<string>;
  /** The wire format where it is not the provider's usual one. */
  wire: "openai-responses" | null;
  /** How its weights are rounded, e.g. `fp8`. Null: nobody knows. */
  quantization: string | null;
  /** Whether the model's maker lets other models be trained on what it writes. Null: nobody knows. */
  distillable: boolean | null;
  /** Its own patience, in milliseconds, for the phases that have one. */
  timeouts: Partial<Record<"connect" | "headers" | "firstToken" | "idle" | "total", number>>;
  prices: PriceList;
};

export type Model = CatalogueRows["models"][number] & { endpoints: Endpoint[] };

export type Catalogue = {
  version: bigint;
  /** When a price that was announced comes into force; Unix milliseconds. */
  validUntil: number;
  models: ReadonlyMap<string, Model>;
  aliases: ReadonlyMap<string, string>;
};

const FRESH_MS = 2_000;
const USABLE_MS = 5_000;

type Cache = { catalogue?: Catalogue; checkedAt: number; refresh?: Promise<Catalogue> };
const cache = () => processWide<Cache>("catalogue", () => ({ checkedAt: Number.NEGATIVE_INFINITY }));

/** The catalogue as it was at most 5 s ago. Looking whether it changed is one cheap read, behind the requests' back. */
export async function currentCatalogue(): Promise<Catalogue> {
  const state = cache();
  const age = performance.now() - state.checkedAt;
  if (state.catalogue && age < FRESH_MS) return state.catalogue;
  state.refresh ??= refresh(state).finally(() => {
    state.refresh = undefined;
  });
  if (state.catalogue && age < USABLE_MS) {
    state.refresh.catch((error) => log().warn({ err: error }, "the catalogue could not be refreshed"));
    return state.catalogue;
  }
  return state.refresh;
}

/** This process changed it: whoever asks next has it as it is now. The others have it within five seconds. */
export function forgetCatalogue(): void {
  cache().checkedAt = Number.NEGATIVE_INFINITY;
}

/** @throws AppError `invalid_request` for a name that is in no catalogue, as OpenRouter answers it. */
export function findModel(catalogue: Catalogue, name: string): Model {
  const model = catalogue.models.get(name) ?? catalogue.models.get(catalogue.aliases.get(name) ?? "");
  if (model) return model;
  throw unknownModel(name);
}

/** @param why what is wrong with the name, beyond that nobody knows it */
export const unknownModel = (name: string, why = "") =>
  new AppError("invalid_request", `${name} is not a valid model ID${why && `: ${why}`}`, {
    metadata: { model: name },
    availability: availability("model_not_found", [name]),
  });

async function refresh(state: Cache): Promise<Catalogue> {
  const startedAt = performance.now();
  const version = await catalogueVersion();
  const known = state.catalogue;
  const stale = known?.version !== version || Date.now() >= known.validUntil;
  const catalogue = stale ? toCatalogue(version, await readCatalogue()) : known;
  state.catalogue = catalogue;
  state.checkedAt = startedAt;
  return catalogue;
}

function toCatalogue(version: bigint, rows: CatalogueRows): Catalogue {
  const now = Date.now();
  const providers = new Map(rows.providers.map((row) => [row.slug, toProvider(row)]));
  const policies = new Map<string, DataPolicy>(rows.providers.map((row) => [row.slug, row]));
  const models = new Map<string, Model>(rows.models.map((row) => [row.slug, { ...row, endpoints: [] }]));
  // Ascending by their time: the last one that has begun stays.
  const begun = rows.prices.filter(({ validFrom }) => validFrom.getTime() <= now);
  const prices = new Map(begun.map((row) => [row.endpointId, toPriceList(row)]));
  for (const row of rows.endpoints) {
    const provider = providers.get(row.providerSlug);
    const price = prices.get(row.id);
    // One without a price is refused, never free.
    if (!provider || !price) continue;
    const policy = policies.get(row.providerSlug);
    const model = models.get(row.modelSlug);
    model?.endpoints.push({
      ...row,
      provider,
      supportedParameters: new Set(row.supportedParameters),
      trainsOnPrompts: row.trainsOnPrompts ?? policy?.trainsOnPrompts ?? null,
      retainsPrompts: row.retainsPrompts ?? policy?.retainsPrompts ?? null,
      distillable: model.distillable,
      timeouts: {
        connect: row.connectTimeoutMs ?? undefined,
        headers: row.headersTimeoutMs ?? undefined,
        firstToken: row.firstTokenTimeoutMs ?? undefined,
        idle: row.idleTimeoutMs ?? undefined,
        total: row.totalTimeoutMs ?? undefined,
      },
      prices: price,
    });
  }
  const toCome = rows.prices.map(({ validFrom }) => validFrom.getTime()).filter((time) => time > now);
  return {
    version,
    validUntil: Math.min(Number.POSITIVE_INFINITY, ...toCome),
    models,
    aliases: new Map(rows.aliases.map(({ alias, modelSlug }) => [alias, modelSlug])),
  };
}

/** A row of `endpoint_prices` as the bill reads it. */
export const toPriceList = (row: CatalogueRows["prices"][number]): PriceList => ({
  id: row.id,
  prompt: row.promptPico,
  completion: row.completionPico,
  cacheRead: row.cacheReadPico,
  cacheWrite: row.cacheWritePico,
  cacheWriteHour: row.cacheWriteHourPico,
  reasoning: row.reasoningPico,
  audio: row.audioPico,
  image: row.imageNano,
  request: row.requestNano,
  tiers: row.tiers.map((tier) => ({
    above: tier.abovePromptTokens,
    prompt: BigInt(tier.promptPico),
    completion: BigInt(tier.completionPico),
    cacheRead: bigintOrNull(tier.cacheReadPico),
    cacheWrite: bigintOrNull(tier.cacheWritePico),
    cacheWriteHour: bigintOrNull(tier.cacheWriteHourPico),
    reasoning: bigintOrNull(tier.reasoningPico),
  })),
});

const bigintOrNull = (text: string | null) => (text === null ? null : BigInt(text));

function toProvider({ slug, name, kind, baseUrl, sealedApiKey }: CatalogueRows["providers"][number]): Provider {
  return {
    slug,
    name,
    kind,
    credential: sealedCredential(slug, baseUrl, sealedApiKey) ?? settingsCredential(slug, baseUrl),
    address: (sealedApiKey ? baseUrl : (settingsFor(slug)[1] ?? baseUrl)) ?? undefined,
  };
}

/** A key that is stored beside a base URL goes to that base URL and nowhere else. */
function sealedCredential(slug: string, baseUrl: string | null, sealedApiKey: string | null): Credential | undefined {
  if (!sealedApiKey) return undefined;
  try {
    return marked(unseal(sealedApiKey, `providers.${slug}`), baseUrl ?? undefined);
  } catch (error) {
    log().error(
      { provider: slug, err: error },
      "the provider's key does not open: was APP_SECRET changed, or a key taken out of SEALING_KEYS?",
    );
    return undefined;
  }
}

/** The three companies' own keys may come from the settings. */
function settingsCredential(slug: string, baseUrl: string | null): Credential | undefined {
  const [apiKey, ownBaseUrl] = settingsFor(slug);
  return apiKey ? marked(apiKey, ownBaseUrl ?? baseUrl ?? undefined) : undefined;
}

/** Enough of a hash to tell two keys apart, and too little to know one by. */
const marked = (apiKey: string, baseUrl: string | undefined): Credential => ({
  ...{ apiKey, baseUrl },
  mark: createHash("sha256")
    .update(JSON.stringify([apiKey, baseUrl]))
    .digest("hex")
    .slice(0, 8),
});
export const hasKeyInSettings = (slug: string): boolean => settingsFor(slug)[0] !== undefined;

function settingsFor(slug: string): [apiKey?: string, baseUrl?: string] {
  const settings = env();
  const byProvider: Record<string, [apiKey: string | undefined, baseUrl: string | undefined]> = {
    openai: [settings.OPENAI_API_KEY, settings.OPENAI_BASE_URL],
    anthropic: [settings.ANTHROPIC_API_KEY, settings.ANTHROPIC_BASE_URL],
    "google-ai-studio": [settings.GOOGLE_API_KEY, settings.GOOGLE_GEMINI_BASE_URL],
  };
  return byProvider[slug] ?? [];
}
