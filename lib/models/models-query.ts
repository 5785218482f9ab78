import { z } from "zod";

const CATEGORIES = [
  ...["programming", "roleplay", "marketing", "marketing/seo", "technology", "science", "translation", "legal"],
  ...["finance", "health", "trivia", "academia"],
] as const;

const text = z.string().max(500).optional();
const whole = z.coerce.number<string>().int().min(0).max(1_000_000_000).optional();
const score = z.coerce.number<string>().min(0).optional();
const price = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,24})?$/, "must be an amount of US dollars, such as 1.5")
  .optional();

export const pageQuery = z.object({
  offset: whole.describe("How many to leave out at the start"),
  limit: z.coerce
    .number<string>()
    .int()
    .min(1)
    .optional()
    .describe("How many at most: up to 1000, and 500 with an offset alone. Without both, all of them"),
});

export const modalitiesQuery = z.object({
  output_modalities: text.describe("Separated by commas, or `all`; without it, `text`"),
});

export const modelsQuery = z.object({
  ...pageQuery.shape,
  ...modalitiesQuery.shape,
  q: text.describe("Words of the name or the slug"),
  sort: z
    .enum([
      ...["newest", "most-popular", "top-weekly", "pricing-low-to-high", "pricing-high-to-low", "context-high-to-low"],
      ...["throughput-high-to-low", "latency-low-to-high", "intelligence-high-to-low", "coding-high-to-low"],
      ...["agentic-high-to-low", "design-arena-elo-high-to-low"],
    ] as const)
    .optional()
    .describe("Popularity and speed are this server's own measurements; by a benchmark, all are equal here"),
  category: z.enum(CATEGORIES).optional().describe("No model of this catalogue is classified: none matches"),
  supported_parameters: text.describe("Separated by commas; a model has one endpoint that takes all of them"),
  input_modalities: text.describe("Separated by commas; all of them"),
  context: whole.describe("The least context length, in tokens"),
  min_price: price.describe("US dollars per million tokens of the prompt"),
  max_price: price,
  min_output_price: price.describe("US dollars per million tokens of the answer"),
  max_output_price: price,
  arch: text.describe("The family of its tokenizer, such as `Claude`"),
  model_authors: text.describe("Separated by commas: the part of the slug before the stroke"),
  providers: text.describe("Separated by commas: names or slugs"),
  min_age_days: whole,
  max_age_days: whole,
  distillable: z
    .enum(["true", "false"])
    .optional()
    .describe("Whether its maker is known to let other models be trained on what it writes"),
  zdr: z.literal("true").optional().describe("Only models with an endpoint that is known to retain no data"),
  region: z.enum(["eu", "us"]).optional().describe("Of no endpoint here is known where it computes: none matches"),
  min_intelligence_index: score,
  max_intelligence_index: score,
  min_coding_index: score,
  max_coding_index: score,
  min_agentic_index: score,
  max_agentic_index: score,
  min_tool_success_rate: score,
  max_tool_success_rate: score,
  use_rss: text.describe("`true`: as an RSS feed"),
  use_rss_chat_links: text.describe("`true`: the feed's links lead to the chat"),
});

export type ModelsQuery = z.infer<typeof modelsQuery>;
