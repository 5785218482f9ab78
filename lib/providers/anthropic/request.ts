import { transformJSONSchema } from "@anthropic-ai/sdk/lib/transform-json-schema";
import type { MessageCreateParamsBase, OutputConfig, Tool, ToolChoice } from "@anthropic-ai/sdk/resources/messages";
import type { ChatRequest, ToolDefinition } from "@/lib/protocol/chat-request";
import type { ProviderCall } from "../adapter";
import { cacheControlOf } from "./cache-control";
import { toConversation } from "./conversation";
import { toThinking } from "./thinking";

/** The SDK's newest models take no sampling parameters, so its types have none; the older ones do. */
type Body = MessageCreateParamsBase & { temperature?: number; top_p?: number; top_k?: number };

const JSON_ONLY = "Answer with one JSON object and nothing else.";

export function toAnthropicRequest(call: ProviderCall): Body {
  const { request, upstreamModel, maxOutputTokens } = call;
  const { system, messages } = toConversation(request.messages);
  if (request.response_format?.type === "json_object") system.push({ type: "text", text: JSON_ONLY });
  const tools = request.tools?.length ? request.tools.map(toTool) : undefined;
  const toolChoice = tools && toToolChoice(request);
  const { thinking, effort } = toThinking(call, messages, toolChoice);
  const body: Body = { model: upstreamModel, max_tokens: maxOutputTokens, messages };
  if (system.length) body.system = system;
  if (tools) body.tools = tools;
  if (toolChoice) body.tool_choice = toolChoice;
  if (thinking) body.thinking = thinking;
  const output = toOutputConfig(request.response_format, effort);
  if (output) body.output_config = output;
  addSampling(body, request);
  const stop = toStopSequences(request.stop);
  if (stop.length) body.stop_sequences = stop;
  const cacheControl = cacheControlOf(request);
  if (cacheControl) body.cache_control = cacheControl;
  // Only this way round: the other tiers have prices of their own, which nobody has held money for.
  if (request.service_tier === "default") body.service_tier = "standard_only";
  if (request.stream) body.stream = true;
  return body;
}

/** Anthropic takes either temperature or `top_p`, and with thinking neither as the caller would have it. */
function addSampling(body: Body, { temperature, top_p, top_k }: ChatRequest): void {
  if (body.thinking && body.thinking.type !== "disabled") return;
  if (temperature != null) body.temperature = Math.min(temperature, 1);
  else if (top_p != null) body.top_p = top_p;
  if (top_k) body.top_k = top_k;
}

/** Anthropic refuses sequences of nothing but white space. */
function toStopSequences(stop: ChatRequest["stop"]): string[] {
  const all = typeof stop === "string" ? [stop] : (stop ?? []);
  return all.filter((sequence) => sequence.trim() !== "");
}

/** Without `strict`: Anthropic's knows fewer schemas than OpenAI's, and refuses the others. */
function toTool(tool: ToolDefinition): Tool {
  const { name, description, parameters } = tool.function;
  const cacheControl = cacheControlOf(tool) ?? cacheControlOf(tool.function);
  return {
    name,
    ...(description && { description }),
    input_schema: { ...parameters, type: "object" },
    ...(cacheControl && { cache_control: cacheControl }),
    ...(typeof tool.eager_input_streaming === "boolean" && { eager_input_streaming: tool.eager_input_streaming }),
  };
}

function toToolChoice({ tool_choice, parallel_tool_calls }: ChatRequest): ToolChoice | undefined {
  const oneAtATime = parallel_tool_calls === false ? { disable_parallel_tool_use: true } : {};
  if (tool_choice === "none") return { type: "none" };
  if (tool_choice === "required") return { type: "any", ...oneAtATime };
  if (tool_choice && tool_choice !== "auto") return { type: "tool", name: tool_choice.function.name, ...oneAtATime };
  return tool_choice || parallel_tool_calls === false ? { type: "auto", ...oneAtATime } : undefined;
}

function toOutputConfig(
  format: ChatRequest["response_format"],
  effort: OutputConfig["effort"],
): OutputConfig | undefined {
  const config: OutputConfig = {};
  const schema = format?.type === "json_schema" ? format.json_schema.schema : undefined;
  if (schema) config.format = { type: "json_schema", schema: toOutputSchema(schema) };
  if (effort) config.effort = effort;
  return config.format || config.effort ? config : undefined;
}

/** Anthropic takes part of JSON schema only; the SDK moves the rest into descriptions. */
function toOutputSchema(schema: Record<string, unknown>): Record<string, unknown> {
  try {
    return transformJSONSchema(schema);
  } catch {
    return schema;
  }
}
