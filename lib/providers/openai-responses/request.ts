import type {
  FunctionTool,
  ResponseCreateParams,
  ResponseCreateParamsBase,
  ResponseFormatTextConfig,
  ResponseIncludable,
  ResponseTextConfig,
} from "openai/resources/responses/responses";
import type { ChatRequest, ToolDefinition } from "@/lib/protocol/chat-request";
import type { ProviderCall } from "../adapter";
import { toInput } from "./input";
import { mayThink, toReasoning } from "./reasoning-wish";

/** OpenAI refuses less. */
const LEAST_OUTPUT_TOKENS = 16;

/**
 * | chat completions                                        | here                                             |
 * | ------------------------------------------------------- | ------------------------------------------------ |
 * | messages                                                | input, see `toInput`                             |
 * | max_tokens, max_completion_tokens                       | max_output_tokens, at least 16                   |
 * | reasoning, reasoning_effort, include_reasoning          | reasoning, in words that the model knows         |
 * | response_format, verbosity                              | text                                             |
 * | tools                                                   | the same without their envelope, strict if asked |
 * | tool_choice, parallel_tool_calls                        | the same, where there are tools                  |
 * | logprobs, top_logprobs                                  | include, top_logprobs                            |
 * | temperature, top_p, prompt_cache_key, stream            | the same                                         |
 * | frequency_penalty, presence_penalty, logit_bias, seed,  | not known to this API: dropped                   |
 * | stop, n, top_k, min_p, top_a, repetition_penalty        |                                                  |
 * | service_tier, prediction, web_search_options, audio     | dropped: they have prices of their own           |
 * | user, metadata, store                                   | dropped: they tell of the caller, or keep data   |
 */
export function toResponsesRequest(call: ProviderCall): ResponseCreateParams {
  const { request, upstreamModel, maxOutputTokens } = call;
  const thinks = mayThink(call);
  const body: ResponseCreateParamsBase = {
    model: upstreamModel,
    input: toInput(request.messages, thinks),
    max_output_tokens: Math.max(maxOutputTokens, LEAST_OUTPUT_TOKENS),
    // Nothing stays at the provider, so what was thought has to come along and be brought back.
    store: false,
  };
  const include = toInclude(request, thinks);
  if (include.length) body.include = include;
  const reasoning = thinks && toReasoning(call);
  if (reasoning) body.reasoning = reasoning;
  const text = toText(request);
  if (text) body.text = text;
  addTools(body, request);
  if (request.logprobs && request.top_logprobs != null) body.top_logprobs = request.top_logprobs;
  if (request.temperature != null) body.temperature = request.temperature;
  if (request.top_p != null) body.top_p = request.top_p;
  if (typeof request.prompt_cache_key === "string") body.prompt_cache_key = request.prompt_cache_key;
  if (request.stream) body.stream = true;
  return body as ResponseCreateParams;
}

function toInclude({ logprobs }: ChatRequest, thinks: boolean): ResponseIncludable[] {
  const include: ResponseIncludable[] = [];
  if (thinks) include.push("reasoning.encrypted_content");
  if (logprobs) include.push("message.output_text.logprobs");
  return include;
}

function toText({ response_format: format, verbosity }: ChatRequest): ResponseTextConfig | undefined {
  const text: ResponseTextConfig = {};
  if (format) text.format = toFormat(format);
  if (verbosity) text.verbosity = verbosity === "xhigh" || verbosity === "max" ? "high" : verbosity;
  return text.format || text.verbosity ? text : undefined;
}

function toFormat(format: NonNullable<ChatRequest["response_format"]>): ResponseFormatTextConfig {
  if (format.type !== "json_schema") return { type: format.type };
  const { name, description, schema, strict } = format.json_schema;
  return {
    type: "json_schema",
    name,
    ...(description != null && { description }),
    schema: schema ?? {},
    strict: strict ?? false,
  };
}

/** Without tools, OpenAI refuses whatever is said about them. */
function addTools(
  body: ResponseCreateParamsBase,
  { tools, tool_choice: choice, parallel_tool_calls }: ChatRequest,
): void {
  if (!tools?.length) return;
  body.tools = tools.map(toTool);
  if (choice) body.tool_choice = typeof choice === "string" ? choice : { type: "function", name: choice.function.name };
  if (parallel_tool_calls != null) body.parallel_tool_calls = parallel_tool_calls;
}

/** This API is strict unless told otherwise, and strictness changes what a schema means. */
const toTool = ({ function: { name, description, parameters, strict } }: ToolDefinition): FunctionTool => ({
  type: "function",
  name,
  ...(description != null && { description }),
  parameters: parameters ?? { type: "object", properties: {} },
  strict: strict ?? false,
});
