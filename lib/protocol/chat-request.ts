import { z } from "zod";
import { AppError } from "@/lib/errors";
import { invalidRequest } from "./invalid-request";
import { plugins, refuseUnservedPlugins } from "./plugins";
import { providerPreferences } from "./provider-preferences";

const text = z.looseObject({ type: z.literal("text"), text: z.string() });
const imageUrl = z.looseObject({
  type: z.literal("image_url"),
  image_url: z.looseObject({ url: z.string(), detail: z.string().nullish() }),
});
const inputAudio = z.looseObject({
  type: z.literal("input_audio"),
  input_audio: z.looseObject({ data: z.string(), format: z.string() }),
});
const videoUrl = z.looseObject({
  type: z.enum(["video_url", "input_video"]),
  video_url: z.looseObject({ url: z.string() }),
});
const file = z.looseObject({
  type: z.literal("file"),
  file: z.looseObject({
    filename: z.string().nullish(),
    file_data: z.string().nullish(),
    file_id: z.string().nullish(),
  }),
});
const part = z.discriminatedUnion("type", [text, imageUrl, inputAudio, videoUrl, file]);
const content = z.union([z.string(), z.array(part)]);
const name = z.string().nullish();

const toolCall = z.looseObject({
  id: z.string(),
  type: z.literal("function").default("function"),
  function: z.looseObject({ name: z.string(), arguments: z.string().default("{}") }),
});

const message = z.discriminatedUnion("role", [
  z.looseObject({ role: z.enum(["system", "developer"]), content, name }),
  z.looseObject({ role: z.literal("user"), content, name }),
  z.looseObject({ role: z.literal("tool"), content, tool_call_id: z.string() }),
  z.looseObject({
    role: z.literal("assistant"),
    content: content.nullish(),
    name,
    refusal: z.string().nullish(),
    tool_calls: z.array(toolCall).nullish(),
    reasoning: z.string().nullish(),
    reasoning_content: z.string().nullish(),
    reasoning_details: z.array(z.looseObject({ type: z.string() })).nullish(),
  }),
]);

const tool = z.looseObject({
  type: z.literal("function"),
  function: z.looseObject({
    name: z.string().min(1).max(64),
    description: z.string().nullish(),
    parameters: z.record(z.string(), z.unknown()).nullish(),
    strict: z.boolean().nullish(),
  }),
});

const effort = z.enum(["max", "xhigh", "high", "medium", "low", "minimal", "none"]);
const tokens = z.int().min(1);

/** OpenRouter's chat completion request. Fields that it does not name are kept: clients send many. */
export const chatRequest = z.looseObject({
  model: z.string().min(1).max(256).optional(),
  models: z.array(z.string().min(1).max(256)).max(8).nullish(),
  route: z.enum(["fallback", "sort"]).nullish(),
  plugins,
  transforms: z.array(z.string().max(64)).max(8).nullish(),
  preset: z.string().min(1).max(64).nullish(),
  messages: z.array(message).min(1).max(2_000),
  stream: z.boolean().nullish(),
  max_tokens: tokens.nullish(),
  max_completion_tokens: tokens.nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.int().min(0).nullish(),
  min_p: z.number().min(0).max(1).nullish(),
  top_a: z.number().min(0).max(1).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  repetition_penalty: z.number().min(0).max(2).nullish(),
  logit_bias: z.record(z.string(), z.number()).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  n: z.int().min(1).max(128).nullish(),
  seed: z.int().nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  tools: z.array(tool).max(512).nullish(),
  tool_choice: z
    .union([
      z.enum(["none", "auto", "required"]),
      z.looseObject({ type: z.literal("function"), function: z.looseObject({ name: z.string() }) }),
    ])
    .nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  response_format: z
    .discriminatedUnion("type", [
      z.looseObject({ type: z.literal("text") }),
      z.looseObject({ type: z.literal("json_object") }),
      z.looseObject({
        type: z.literal("json_schema"),
        json_schema: z.looseObject({
          name: z.string().max(64),
          description: z.string().nullish(),
          schema: z.record(z.string(), z.unknown()).nullish(),
          strict: z.boolean().nullish(),
        }),
      }),
    ])
    .nullish(),
  structured_outputs: z.boolean().nullish(),
  reasoning: z
    .looseObject({
      effort: effort.nullish(),
      max_tokens: tokens.nullish(),
      exclude: z.boolean().nullish(),
      enabled: z.boolean().nullish(),
    })
    .nullish(),
  reasoning_effort: effort.nullish(),
  include_reasoning: z.boolean().nullish(),
  verbosity: z.enum(["low", "medium", "high", "xhigh", "max"]).nullish(),
  provider: providerPreferences.nullish(),
  user: z.string().max(256).nullish(),
  session_id: z.string().max(256).nullish(),
  prompt_cache_key: z.string().max(1_024).nullish(),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
});

/** A door's to say and never a caller's, who can send no such name: what stands here goes upstream as it is. */
export const NATIVE: unique symbol = Symbol.for("openrouter-self-hosted.native");

/** What a caller said in the words of a dialect that an upstream may speak too, for that one to hear unchanged. */
export type Native = {
  dialect: "anthropic" | "openai-responses";
  /** All that may go upstream: nothing in it has a price that is not in the catalogue. */
  body: Record<string, unknown>;
  headers: Record<string, string>;
  /** What the language inside has no words for: an upstream of another dialect cannot be asked. */
  unspoken: string[];
};

export type ChatRequest = z.infer<typeof chatRequest> & { [NATIVE]?: Native };
export type ChatMessage = ChatRequest["messages"][number];
export type ContentPart = z.infer<typeof part>;
export type ToolDefinition = z.infer<typeof tool>;

/** For who changes what a request says: without the caller's own words, where the language inside has words for all of it. */
export const inOurWords = (request: ChatRequest): ChatRequest =>
  request[NATIVE]?.unspoken.length === 0 ? { ...request, [NATIVE]: undefined } : request;

/** Reads a request body that is already JSON; what is wrong with it is said field by field. */
export function parseChatRequest(body: unknown): ChatRequest {
  refuseUnserved(body);
  const result = chatRequest.safeParse(body);
  if (!result.success) throw invalidRequest(result.error);
  const { reasoning, reasoning_effort } = result.data;
  if (reasoning?.effort && reasoning_effort && reasoning.effort !== reasoning_effort)
    throw new AppError(
      "invalid_request",
      `reasoning.effort is ${reasoning.effort} and reasoning_effort is ${reasoning_effort}: name one.`,
    );
  return result.data;
}

/** Parts of the dialect that this server does not have are named, rather than called malformed. */
function refuseUnserved(body: unknown): void {
  const { tools, response_format: format } = (body ?? {}) as { tools?: unknown; response_format?: { type?: unknown } };
  refuseUnservedPlugins((body as { plugins?: unknown } | null)?.plugins);
  const foreign = Array.isArray(tools)
    ? tools.find((tool) => typeof tool?.type === "string" && tool.type !== "function")
    : undefined;
  if (foreign)
    throw new AppError("invalid_request", `Tools of type ${foreign.type} are not served here: only functions are.`);
  if (format?.type === "grammar" || format?.type === "python")
    throw new AppError("invalid_request", `A response_format of type ${format.type} is not served here.`);
}

/** Whether the caller wants to be spared the reasoning; it is billed all the same. */
export const hidesReasoning = ({ reasoning, include_reasoning }: ChatRequest): boolean =>
  reasoning?.exclude ?? include_reasoning === false;
