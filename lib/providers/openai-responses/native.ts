import type { ResponseCreateParams } from "openai/resources/responses/responses";
import { deltaChunk } from "@/lib/protocol/chat-chunk";
import { NATIVE, type Native } from "@/lib/protocol/chat-request";
import { isForeign } from "@/lib/protocol/foreign-thoughts";
import type { ProviderCall } from "../adapter";
import type { AnswerReader, Json } from "../dialect";
import { toResponsesRequest } from "./request";

/** The caller's own words, where he spoke this dialect. */
export function heardIn({ request }: ProviderCall): Native | undefined {
  const native = request[NATIVE];
  return native?.dialect === "openai-responses" ? native : undefined;
}

/** Set for each endpoint, whatever the caller said of them; missing where the endpoint does not support them. */
const DECIDED = ["model", "max_output_tokens", "store", "stream", "temperature", "top_p", "top_logprobs"] as const;

/** The caller's own words, but for what is decided here, and for thoughts that are not OpenAI's. */
export function toNativeRequest(call: ProviderCall, { body }: Native): ResponseCreateParams {
  const translated = toResponsesRequest(call);
  const sent: Json = { ...body, input: withoutForeignThoughts(body.input) };
  for (const field of DECIDED) if (translated[field] !== undefined) sent[field] = translated[field];
  sent.include = [...new Set([...(translated.include ?? []), ...(body.include as string[])])];
  const verbosity = translated.text?.verbosity;
  if (body.text) sent.text = { ...body.text, ...(verbosity && { verbosity }) };
  // In words that the model knows; and nothing, to one that does not think.
  if (translated.reasoning) sent.reasoning = { ...(body.reasoning as object), effort: translated.reasoning.effort };
  else delete sent.reasoning;
  return sent as unknown as ResponseCreateParams;
}

/**
 * Another model's turn may be part of the conversation, and OpenAI refuses what it did not encrypt, and OpenRouter's
 * fields of a thought.
 */
const withoutForeignThoughts = (input: unknown) =>
  Array.isArray(input)
    ? input
        .filter(({ type, encrypted_content }) => type !== "reasoning" || !isForeign(encrypted_content))
        .map((item) => {
          const { format: _format, signature: _signature, ...thought } = item;
          return item.type === "reasoning" ? thought : item;
        })
    : input;

/** Beside what each event says, the event itself; what the language inside has no words for counts as said all the same. */
export const nativeReader = (reader: AnswerReader): AnswerReader => ({
  ...reader,
  read(event) {
    const said =
      reader.read(event) ?? (typeof event.delta === "string" ? deltaChunk({ content: event.delta }) : undefined);
    return { choices: [], ...said, native: event };
  },
});
