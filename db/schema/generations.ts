import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";

/** One upstream that was tried before the one that answered; without a model, for the model that answered. */
export type Attempt = {
  provider: string;
  model?: string;
  failure: string;
  status: number | null;
  ms: number;
  /** Where it did not answer in time: the deadline that passed. */
  phase?: string;
  /** Seconds after which it wanted to be asked again. */
  retryAfter?: number;
  byok?: true;
};

/** What was done with a request or its answer beside asking a model, in OpenRouter's words. */
export type PipelineStep = {
  type: "context_compression" | "response_healing" | "plugin" | "guardrail";
  name: string;
  summary: string;
  data: Record<string, unknown>;
};

/** Why a request went where it did: how the models were named, and which endpoints could and could not serve it. */
export type RouteRecord = {
  strategy: string;
  /** Endpoints by their tags, such as `deepinfra/turbo`, in the order to try them. */
  considered: { provider: string; model: string; byok?: true }[];
  /** The first of them; `by` is the filter that removed it. */
  excluded: { provider: string; model: string; by: string }[];
  /** How many more were excluded. */
  more?: number;
  preset?: string;
  /** The generation whose answer was kept, and given again. */
  source?: string;
  pipeline?: PipelineStep[];
};

const nano = (name: string) => bigint(name, { mode: "bigint" }).notNull().default(sql`0`);
const tokens = (name: string) => integer(name).notNull().default(0);

/**
 * The log: a row a completion, written by the statement that charges it. Prompts and answers are not in it.
 * Partitioned by month of `created_at` (the migration says so; Drizzle has no word for it).
 */
export const generations = pgTable(
  "generations",
  {
    id: text().notNull(),
    createdAt: timestamp("created_at", { withTimezone: true }).notNull(),
    accountId: uuid("account_id").notNull(),
    keyId: uuid("key_id").notNull(),
    requestedModel: text("requested_model").notNull(),
    modelSlug: text("model_slug").notNull(),
    providerSlug: text("provider_slug"),
    endpointId: uuid("endpoint_id"),
    upstreamModel: text("upstream_model"),
    streamed: boolean().notNull().default(false),
    /** `expired`: its process died, and it was charged its last checkpoint. */
    outcome: text({ enum: ["completed", "cancelled", "failed", "expired"] }).notNull(),
    finishReason: text("finish_reason"),
    nativeFinishReason: text("native_finish_reason"),
    errorType: text("error_type"),
    inputTokens: tokens("input_tokens"),
    cacheReadTokens: tokens("cache_read_tokens"),
    cacheWriteTokens: tokens("cache_write_tokens"),
    cacheWriteHourTokens: tokens("cache_write_hour_tokens"),
    audioTokens: tokens("audio_tokens"),
    outputTokens: tokens("output_tokens"),
    reasoningTokens: tokens("reasoning_tokens"),
    /** Images sent. */
    images: tokens("images"),
    usageSource: text("usage_source", { enum: ["provider", "estimate", "none"] })
      .notNull()
      .default("none"),
    /** What the account was charged: equal to the ledger's rows for this id. */
    costNano: nano("cost_nano"),
    /** Asked with the caller's own key: he pays the provider himself, and the account is charged the fee. */
    isByok: boolean("is_byok").notNull().default(false),
    /** What his provider charges him for it, as far as it was reserved: what the key counts beside `cost`. */
    byokUsageNano: nano("byok_usage_nano"),
    /** What the provider charges for it: the operator, or the caller whose key it was. */
    upstreamCostNano: nano("upstream_cost_nano"),
    /** What the tokens would have cost beyond the hold: the house's, never the caller's. */
    overageNano: nano("overage_nano"),
    /** The row of `endpoint_prices` it was billed with, and the markup on it: minus 10,000 and the fee for BYOK. */
    priceId: uuid("price_id"),
    markupBasisPoints: integer("markup_basis_points").notNull().default(0),
    attempts: jsonb().$type<Attempt[]>(),
    route: jsonb().$type<RouteRecord>(),
    /** Milliseconds from the request's arrival. */
    firstTokenMs: integer("first_token_ms"),
    totalMs: integer("total_ms"),
    sessionId: text("session_id"),
    externalUser: text("external_user"),
    appUrl: text("app_url"),
    appTitle: text("app_title"),
  },
  (table) => [
    primaryKey({ columns: [table.id, table.createdAt] }),
    // Read backwards for the newest. Not made descending: Drizzle would have nulls last in it, which no `order by` asks for.
    index("generations_account").on(table.accountId, table.createdAt),
    index("generations_key").on(table.keyId, table.createdAt),
    // For the pages that show how a model's providers do; a tenth of what a row costs to write.
    index("generations_model").on(table.modelSlug, table.createdAt),
    // For whoever sums the log up: rows stand nearly in the order of their time, so that a few pages tell where to look.
    index("generations_time").using("brin", table.createdAt).with({ pages_per_range: 32, autosummarize: true }),
  ],
);
