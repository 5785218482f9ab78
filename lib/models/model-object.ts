import { z } from "zod";
import type { Endpoint, Model } from "./catalogue";
import { pricingObject, toPricing } from "./pricing-object";

export const architectureObject = z.object({
  modality: z.string().nullable().describe("Such as `text+image->text`"),
  input_modalities: z.array(z.string()),
  output_modalities: z.array(z.string()),
  tokenizer: z.string().nullable(),
  instruct_type: z.string().nullable(),
});

export const modelObject = z
  .object({
    id: z.string().describe("The name to call it by, such as `openai/gpt-4o-mini`"),
    canonical_slug: z.string(),
    name: z.string(),
    created: z.int().describe("Unix seconds; 0 where its release is not dated"),
    description: z.string(),
    context_length: z.int().nullable(),
    architecture: architectureObject,
    pricing: pricingObject.describe("Of the cheapest endpoint"),
    top_provider: z.object({
      is_moderated: z.boolean(),
      context_length: z.int().nullable(),
      max_completion_tokens: z.int().nullable(),
    }),
    per_request_limits: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullable(),
    supported_parameters: z.array(z.string()),
    default_parameters: z.record(z.string(), z.number().nullable()).nullable(),
    supported_voices: z.array(z.string()).nullable(),
    links: z.object({ details: z.string().describe("Where its endpoints are listed") }),
    reasoning: z.object({ mandatory: z.boolean() }).optional(),
  })
  .meta({ id: "Model" });

export type ModelObject = z.infer<typeof modelObject>;

/** A model with the endpoints that can be called now. */
export type Listed = { model: Model; endpoints: readonly [Endpoint, ...Endpoint[]] };

/** A model as OpenRouter's `/models` shows it. Prices are US dollars per token, exact decimal strings. */
export function toModelObject({ model, endpoints }: Listed): ModelObject {
  const cheapest = cheapestOf(endpoints);
  return {
    id: model.slug,
    canonical_slug: model.slug,
    name: model.name,
    created: createdOf(model),
    description: model.description,
    context_length: model.contextLength,
    architecture: toArchitecture(model),
    pricing: toPricing(cheapest.prices),
    top_provider: {
      is_moderated: false,
      context_length: cheapest.contextLength,
      max_completion_tokens: cheapest.maxOutput,
    },
    per_request_limits: null,
    supported_parameters: [...new Set(endpoints.flatMap(({ supportedParameters }) => [...supportedParameters]))].sort(),
    default_parameters: null,
    supported_voices: null,
    links: { details: `/api/v1/models/${model.slug}/endpoints` },
    ...(model.reasoning && { reasoning: { mandatory: false } }),
  };
}

export const createdOf = ({ releasedAt }: Model) => Math.floor((releasedAt?.getTime() ?? 0) / 1000);

export const toArchitecture = ({ inputModalities: input, outputModalities: output, tokenizer }: Model) => ({
  modality: `${input.join("+")}->${output.join("+")}`,
  input_modalities: input,
  output_modalities: output,
  tokenizer,
  instruct_type: null,
});

export const cheapestOf = (endpoints: Listed["endpoints"]): Endpoint =>
  endpoints.reduce((best, endpoint) => (weight(endpoint) < weight(best) ? endpoint : best));

/** Answers are usually shorter than prompts. */
const weight = ({ prices }: Endpoint) => prices.prompt * 3n + prices.completion;
