import { z } from "zod";
import type { Embeddable, EmbedWish } from "../embed-wish";
import { invalidRequest } from "../invalid-request";
import { providerPreferences } from "../provider-preferences";

/** As many as OpenAI takes. */
const MOST_INPUTS = 2_048;
const INPUT = "must be a text, a list of token ids, or a list of either that has 1 to 2048 of them, none empty";

const text = z.string(INPUT).min(1, INPUT);
const tokens = z.array(z.int(INPUT).min(0, INPUT), INPUT).min(1, INPUT);
const parts = z.looseObject({
  content: z
    .array(z.looseObject({ type: z.literal("text", "must be text: nothing else is embedded here"), text }))
    .min(1),
});

export const embeddingsRequest = z.looseObject({
  model: z.string().min(1).max(256),
  models: z.array(z.string().min(1).max(256)).max(8).nullish(),
  input: z.union(
    [
      text,
      tokens,
      z.array(text, INPUT).min(1, INPUT).max(MOST_INPUTS, INPUT),
      z.array(tokens, INPUT).min(1, INPUT).max(MOST_INPUTS, INPUT),
      z.array(parts, INPUT).min(1, INPUT).max(MOST_INPUTS, INPUT),
    ],
    INPUT,
  ),
  dimensions: z.int().min(1).nullish(),
  encoding_format: z.enum(["float", "base64"]).nullish(),
  input_type: z.string().min(1).max(64).nullish(),
  provider: providerPreferences.nullish(),
  user: z.string().max(256).nullish(),
  session_id: z.string().max(256).nullish(),
});

/**
 * A request for embeddings in the language inside: each input is a message, so that it is bounded, routed and paid for
 * like any other; and what the provider is to make of the inputs.
 *
 * @throws AppError `invalid_request`
 */
export function parseEmbeddingsRequest(body: unknown) {
  const result = embeddingsRequest.safeParse(body);
  if (!result.success) throw invalidRequest(result.error);
  const { input, dimensions, encoding_format, input_type, ...request } = result.data;
  const inputs = toEmbeddables(input);
  const embed: EmbedWish = {
    inputs,
    dimensions: dimensions ?? undefined,
    purpose: input_type ?? undefined,
    format: encoding_format ?? "float",
  };
  return { request: { ...request, stream: false, messages: inputs.map(toMessage) }, embed };
}

type Input = z.infer<typeof embeddingsRequest>["input"];

const toEmbeddables = (input: Input): Embeddable[] =>
  typeof input === "string" || typeof input[0] === "number"
    ? [input as Embeddable]
    : (input as Exclude<Input, string | number[]>).map((one) =>
        typeof one === "string" || Array.isArray(one) ? one : one.content.map((part) => part.text).join("\n"),
      );

/** No tokenizer makes fewer tokens of a list of numbers than it has numbers: written out, it is a bound. */
const toMessage = (input: Embeddable) => ({
  role: "user" as const,
  content: typeof input === "string" ? input : input.join(","),
});
