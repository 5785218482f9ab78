import { z } from "zod";

const names = z.array(z.string().min(1).max(128)).max(64).nullish();

const AMOUNT = "must be an amount of US dollars, such as 1.5";
const THRESHOLD = "must be a positive number, or an object of positive numbers by p50, p75, p90 and p99";

/** US dollars, as a number or a decimal string; read digit by digit where it is compared. */
const dollars = z
  .union([z.number(AMOUNT).min(0, AMOUNT), z.string(AMOUNT).regex(/^\d{1,12}(\.\d{1,24})?$/, AMOUNT)], AMOUNT)
  .nullish();

const share = z.number(THRESHOLD).positive(THRESHOLD).nullish();
const threshold = z
  .union(
    [z.number(THRESHOLD).positive(THRESHOLD), z.looseObject({ p50: share, p75: share, p90: share, p99: share })],
    THRESHOLD,
  )
  .nullish();

const by = z.enum(["price", "throughput", "latency", "exacto"], {
  error: "must be price, throughput, latency or exacto",
});

export const QUANTIZATIONS = [
  ...["int4", "int8", "fp4", "mxfp4", "nvfp4", "fp6", "fp8", "mxfp8", "fp16", "bf16", "fp32"],
  "unknown",
] as const;

/** OpenRouter's `provider`: which endpoints may serve a request, and in which order. */
export const providerPreferences = z.looseObject({
  order: names,
  only: names,
  ignore: names,
  allow_fallbacks: z.boolean().nullish(),
  require_parameters: z.boolean().nullish(),
  data_collection: z.enum(["allow", "deny"]).nullish(),
  zdr: z.boolean().nullish(),
  /** Ours: when the first word is late, the next endpoint is asked beside the first. */
  hedge: z.boolean().nullish(),
  enforce_distillable_text: z.boolean().nullish(),
  quantizations: z.array(z.enum(QUANTIZATIONS)).max(QUANTIZATIONS.length).nullish(),
  sort: z
    .preprocess(
      (sort) => (typeof sort === "string" ? { by: sort } : sort),
      z.looseObject({ by, partition: z.enum(["model", "none"]).nullish() }).nullish(),
    )
    .optional(),
  max_price: z
    .looseObject({ prompt: dollars, completion: dollars, request: dollars, image: dollars, audio: dollars })
    .nullish(),
  preferred_min_throughput: threshold,
  preferred_max_latency: threshold,
});

export type ProviderPreferences = z.infer<typeof providerPreferences>;
export type Sort = z.infer<typeof by>;
export type Threshold = ProviderPreferences["preferred_max_latency"];
