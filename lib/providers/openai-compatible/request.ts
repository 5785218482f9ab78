import type { ChatCompletionCreateParams } from "openai/resources/chat/completions";
import type { ChatRequest, ToolDefinition } from "@/lib/protocol/chat-request";
import type { ProviderCall } from "../adapter";
import { toEffort } from "./effort";
import { toMessages } from "./messages";

/**
 * Passed on as they are. A list of what is known, because OpenAI answers an unknown field with an error. Not on it,
 * on purpose: what has a price of its own (`web_search_options`, `prompt_cache_options`, `modalities`, `audio`), what
 * cannot be bounded (`prediction`: OpenAI takes none beside `max_completion_tokens`, and bills what it rejects of it),
 * what keeps data in the operator's account (`store`, `metadata`), and who the caller is (`user`).
 */
const passedOn = [
  "frequency_penalty",
  "logit_bias",
  "logprobs",
  "n",
  "presence_penalty",
  "response_format",
  "seed",
  "temperature",
  "top_logprobs",
  "top_p",
] as const;

const passedOnToOpenAi = ["prompt_cache_key"] as const;

/** OpenAI does not have these, but vLLM and its like do. */
const passedOnElsewhere = ["top_k", "min_p", "repetition_penalty"] as const;

/** @param genuine OpenAI itself is asked, and no server that only speaks like it. */
export function toOpenAiRequest(call: ProviderCall, genuine: boolean): ChatCompletionCreateParams {
  const { request, upstreamModel, maxOutputTokens } = call;
  const body: Record<string, unknown> = {
    model: upstreamModel,
    messages: toMessages(request.messages, genuine),
    [genuine ? "max_completion_tokens" : "max_tokens"]: maxOutputTokens,
  };
  for (const name of [...passedOn, ...(genuine ? passedOnToOpenAi : passedOnElsewhere)]) {
    if (request[name] != null) body[name] = request[name];
  }
  const stop = toStop(request.stop);
  if (stop?.length) body.stop = stop;
  addTools(body, request);
  if (genuine && isPlainTier(request.service_tier)) body.service_tier = request.service_tier;
  if (genuine && request.verbosity) body.verbosity = toVerbosity(request.verbosity);
  const effort = toEffort(call);
  if (effort) body.reasoning_effort = effort;
  if (request.stream) {
    body.stream = true;
    body.stream_options = { include_usage: true };
  }
  return body as unknown as ChatCompletionCreateParams;
}

/** Empty sequences are refused. */
const toStop = (stop: ChatRequest["stop"]) => (Array.isArray(stop) ? stop.filter((one) => one !== "") : stop);

/** The other tiers have prices of their own, which nobody has held money for. */
const isPlainTier = (tier: unknown) => tier === "auto" || tier === "default";

/** Without tools, OpenAI refuses whatever is said about them. */
function addTools(
  body: Record<string, unknown>,
  { tools, tool_choice: choice, parallel_tool_calls }: ChatRequest,
): void {
  if (!tools?.length) return;
  body.tools = tools.map(toTool);
  if (choice) {
    body.tool_choice =
      typeof choice === "string" ? choice : { type: "function", function: { name: choice.function.name } };
  }
  if (parallel_tool_calls != null) body.parallel_tool_calls = parallel_tool_calls;
}

const toVerbosity = (verbosity: string) => (verbosity === "xhigh" || verbosity === "max" ? "high" : verbosity);

function toTool({ function: { name, description, parameters, strict } }: ToolDefinition): object {
  return {
    type: "function",
    function: {
      name,
      ...(description != null && { description }),
      ...(parameters != null && { parameters }),
      ...(strict != null && { strict }),
    },
  };
}
