import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  unique,
  uuid,
} from "drizzle-orm/pg-core";

/** Who makes models: the part of a slug before the stroke. */
export const companies = pgTable("companies", {
  slug: text().primaryKey(),
  name: text().notNull(),
});

/** Who serves models. One with no key, sealed here or in the environment, is not routed to. */
export const providers = pgTable("providers", {
  slug: text().primaryKey(),
  name: text().notNull(),
  kind: text({ enum: ["openai", "anthropic", "google"] }).notNull(),
  baseUrl: text("base_url"),
  /** Sealed with a key derived from APP_SECRET; see lib/seal.ts. */
  sealedApiKey: text("sealed_api_key"),
  /** `sk-...wxyz`, and when it was stored. */
  apiKeyLabel: text("api_key_label"),
  apiKeySetAt: timestamp("api_key_set_at", { withTimezone: true }),
  /** What its terms for the API say, or the operator's contract with it. Null: nobody knows, and it counts as yes. */
  trainsOnPrompts: boolean("trains_on_prompts"),
  retainsPrompts: boolean("retains_prompts"),
  enabled: boolean().notNull().default(true),
});

export const models = pgTable("models", {
  slug: text().primaryKey(),
  companySlug: text("company_slug")
    .notNull()
    .references(() => companies.slug),
  name: text().notNull(),
  description: text().notNull().default(""),
  contextLength: integer("context_length").notNull(),
  inputModalities: text("input_modalities").array().notNull().default(sql`'{text}'`),
  outputModalities: text("output_modalities").array().notNull().default(sql`'{text}'`),
  tokenizer: text().notNull().default("Other"),
  reasoning: boolean().notNull().default(false),
  /** Whether its maker lets other models be trained on what it writes. Null: nobody knows, and it counts as no. */
  distillable: boolean(),
  releasedAt: timestamp("released_at", { withTimezone: true }),
  /** Whether the next endpoint is asked beside one whose first word is late, where the request says nothing of it. */
  hedge: boolean().notNull().default(false),
  enabled: boolean().notNull().default(true),
});

/** Other names of a model. An alias never shadows a slug. */
export const modelAliases = pgTable("model_aliases", {
  alias: text().primaryKey(),
  modelSlug: text("model_slug")
    .notNull()
    .references(() => models.slug, { onDelete: "cascade" }),
});

/** A model at a provider: the upstream's name for it, and what it can do there. */
export const endpoints = pgTable(
  "endpoints",
  {
    id: uuid().primaryKey().defaultRandom(),
    modelSlug: text("model_slug")
      .notNull()
      .references(() => models.slug, { onDelete: "cascade" }),
    providerSlug: text("provider_slug")
      .notNull()
      .references(() => providers.slug, { onDelete: "cascade" }),
    /** What follows the provider's slug in a caller's preference, e.g. `turbo` of `deepinfra/turbo`. */
    variant: text().notNull().default(""),
    upstreamModel: text("upstream_model").notNull(),
    /** The wire format where it is not the provider's usual one. */
    wire: text({ enum: ["openai-responses"] }),
    contextLength: integer("context_length").notNull(),
    maxOutput: integer("max_output"),
    supportedParameters: text("supported_parameters").array().notNull().default(sql`'{}'`),
    /** How its weights are rounded, e.g. `fp8`. Null: nobody knows. */
    quantization: text(),
    /** Where it differs from its provider. Null: as the provider. */
    trainsOnPrompts: boolean("trains_on_prompts"),
    retainsPrompts: boolean("retains_prompts"),
    /** Milliseconds that it is waited for, phase by phase. Null: as long as is usual. */
    connectTimeoutMs: integer("connect_timeout_ms"),
    headersTimeoutMs: integer("headers_timeout_ms"),
    firstTokenTimeoutMs: integer("first_token_timeout_ms"),
    idleTimeoutMs: integer("idle_timeout_ms"),
    totalTimeoutMs: integer("total_timeout_ms"),
    enabled: boolean().notNull().default(true),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    unique("endpoints_identity").on(table.modelSlug, table.providerSlug, table.variant),
    index("endpoints_provider").on(table.providerSlug),
    check(
      "endpoints_timeouts",
      sql`least(${table.connectTimeoutMs}, ${table.headersTimeoutMs}, ${table.firstTokenTimeoutMs}, ${table.idleTimeoutMs}, ${table.totalTimeoutMs}) > 0`,
    ),
  ],
);

/** Prices that apply to the whole request when its prompt is longer than `abovePromptTokens`; decimal strings. */
export type PriceTier = {
  abovePromptTokens: number;
  promptPico: string;
  completionPico: string;
  cacheReadPico: string | null;
  cacheWritePico: string | null;
  cacheWriteHourPico: string | null;
  reasoningPico: string | null;
};

const pico = (name: string) => bigint(name, { mode: "bigint" });

/**
 * What an endpoint costs from a moment on. Rows are added and never changed, so that every bill can name the one it was
 * made with; the newest that has begun is in force, and one that has not is a change announced.
 */
export const endpointPrices = pgTable(
  "endpoint_prices",
  {
    id: uuid().primaryKey().defaultRandom(),
    endpointId: uuid("endpoint_id")
      .notNull()
      .references(() => endpoints.id, { onDelete: "cascade" }),
    validFrom: timestamp("valid_from", { withTimezone: true }).notNull().defaultNow(),
    promptPico: pico("prompt_pico").notNull(),
    completionPico: pico("completion_pico").notNull(),
    /** Null: as the prompt. */
    cacheReadPico: pico("cache_read_pico"),
    cacheWritePico: pico("cache_write_pico"),
    cacheWriteHourPico: pico("cache_write_hour_pico"),
    /** Null: as the completion. */
    reasoningPico: pico("reasoning_pico"),
    /** Null: as the prompt. */
    audioPico: pico("audio_pico"),
    imageNano: pico("image_nano").notNull().default(sql`0`),
    requestNano: pico("request_nano").notNull().default(sql`0`),
    tiers: jsonb().$type<PriceTier[]>().notNull().default([]),
  },
  (table) => [unique("endpoint_prices_moment").on(table.endpointId, table.validFrom)],
);

/** One row. Triggers count it up with every change to the catalogue, so that a server sees a change by one cheap read. */
export const catalogueState = pgTable("catalogue_state", {
  id: integer().primaryKey().default(1),
  version: bigint({ mode: "bigint" }).notNull().default(sql`1`),
  /** Which edition of the shipped catalogue has been laid in. */
  edition: text(),
});
