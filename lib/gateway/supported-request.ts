import type { Endpoint } from "@/lib/models/catalogue";
import type { ChatRequest } from "@/lib/protocol/chat-request";
import type { EmbedWish } from "@/lib/protocol/embed-wish";

/** Request fields, and the name under which an endpoint lists that it supports them. */
const PARAMETERS: Record<string, string> = {
  temperature: "temperature",
  top_p: "top_p",
  top_k: "top_k",
  min_p: "min_p",
  top_a: "top_a",
  frequency_penalty: "frequency_penalty",
  presence_penalty: "presence_penalty",
  repetition_penalty: "repetition_penalty",
  logit_bias: "logit_bias",
  logprobs: "logprobs",
  top_logprobs: "top_logprobs",
  seed: "seed",
  stop: "stop",
  tools: "tools",
  tool_choice: "tools",
  parallel_tool_calls: "tools",
  response_format: "response_format",
  reasoning: "reasoning",
  reasoning_effort: "reasoning",
  include_reasoning: "reasoning",
  verbosity: "verbosity",
};

/** The request without the parameters that an endpoint does not know: dropped, as OpenRouter does, rather than refused. */
export function supportedRequest(request: ChatRequest, { supportedParameters }: Endpoint): ChatRequest {
  let supported = request;
  for (const [field, parameter] of Object.entries(PARAMETERS)) {
    if (request[field] === undefined || supportedParameters.has(parameter)) continue;
    if (supported === request) supported = { ...request };
    delete supported[field];
  }
  return supported;
}

/** The same for a wish for embeddings: what they are for is a hint, which most providers refuse to be given. */
export const supportedWish = ({ purpose, ...wish }: EmbedWish, { supportedParameters }: Endpoint): EmbedWish =>
  supportedParameters.has("input_type") ? { ...wish, purpose } : wish;

/** The parameters that a request makes use of, under the names in which endpoints list what they support. */
export function requestedParameters(request: ChatRequest): string[] {
  const named = Object.entries(PARAMETERS).filter(([field]) => request[field] !== undefined && request[field] !== null);
  const schema = request.response_format?.type === "json_schema" || request.structured_outputs === true;
  return [...new Set([...named.map(([, parameter]) => parameter), ...(schema ? ["structured_outputs"] : [])])];
}
