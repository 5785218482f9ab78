import {
  type Content,
  FunctionCallingConfigMode,
  type FunctionDeclaration,
  type GenerateContentConfig,
  type GenerateContentParameters,
  type ToolConfig,
} from "@google/genai";
import type { ChatRequest, ToolDefinition } from "@/lib/protocol/chat-request";
import type { ProviderCall } from "../adapter";
import { toContents } from "./contents";
import { toSchema } from "./schema";
import { toThinkingConfig, versionOf } from "./thinking";

const MOST_STOP_SEQUENCES = 5;

export function toGeminiRequest(call: ProviderCall): GenerateContentParameters {
  const { request, upstreamModel, maxOutputTokens } = call;
  const { system, contents } = toContents(request.messages, versionOf(upstreamModel) >= 3);
  const config: GenerateContentConfig = {
    maxOutputTokens,
    // Either would have the SDK send further requests of its own, which nobody has paid for.
    automaticFunctionCalling: { disable: true },
    automaticContinuation: false,
  };
  if (system.length) config.systemInstruction = { role: "user", parts: system } satisfies Content;
  addSampling(config, request);
  addFormat(config, request);
  if (request.tools?.length) config.tools = [{ functionDeclarations: request.tools.map(toDeclaration) }];
  const toolConfig = request.tools?.length ? toToolConfig(request.tool_choice) : undefined;
  if (toolConfig) config.toolConfig = toolConfig;
  const thinkingConfig = toThinkingConfig(call);
  if (thinkingConfig) config.thinkingConfig = thinkingConfig;
  return { model: upstreamModel, contents, config };
}

function addSampling(config: GenerateContentConfig, request: ChatRequest): void {
  if (request.temperature != null) config.temperature = request.temperature;
  if (request.top_p != null) config.topP = request.top_p;
  if (request.top_k) config.topK = request.top_k;
  if (request.seed != null) config.seed = toSeed(request.seed);
  if (request.presence_penalty != null) config.presencePenalty = request.presence_penalty;
  if (request.frequency_penalty != null) config.frequencyPenalty = request.frequency_penalty;
  if (request.logprobs) config.responseLogprobs = true;
  if (request.logprobs && request.top_logprobs) config.logprobs = request.top_logprobs;
  if (request.n && request.n > 1) config.candidateCount = request.n;
  const stop = (typeof request.stop === "string" ? [request.stop] : (request.stop ?? [])).filter(Boolean);
  if (stop.length) config.stopSequences = stop.slice(0, MOST_STOP_SEQUENCES);
}

/** Gemini's seeds have 32 bits, OpenAI's 64. */
const toSeed = (seed: number) => (Math.abs(seed) < 2 ** 31 ? seed : Math.abs(seed) % 2 ** 31);

function addFormat(config: GenerateContentConfig, { response_format: format }: ChatRequest): void {
  if (!format || format.type === "text") return;
  config.responseMimeType = "application/json";
  if (format.type === "json_schema" && format.json_schema.schema) {
    config.responseJsonSchema = toSchema(format.json_schema.schema);
  }
}

function toDeclaration({ function: { name, description, parameters } }: ToolDefinition): FunctionDeclaration {
  const schema = parameters ? toSchema(parameters) : undefined;
  return {
    name,
    ...(description && { description }),
    ...(schema && { parametersJsonSchema: schema.$ref ? schema : { ...schema, type: "object" } }),
  };
}

function toToolConfig(choice: ChatRequest["tool_choice"]): ToolConfig | undefined {
  if (!choice) return undefined;
  if (choice === "auto") return { functionCallingConfig: { mode: FunctionCallingConfigMode.AUTO } };
  if (choice === "none") return { functionCallingConfig: { mode: FunctionCallingConfigMode.NONE } };
  if (choice === "required") return { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } };
  const allowed = [choice.function.name];
  return { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: allowed } };
}
