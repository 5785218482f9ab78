import { z } from "zod";
import { AppError } from "@/lib/errors";
import { invalidRequest } from "../invalid-request";
import { providerPreferences } from "../provider-preferences";

/** Which parts there are, and which fields a part has, is for `parts.ts` to say; here only that it is one. */
const part = z.looseObject({ type: z.string() });
const content = z.union([z.string(), z.array(part)]);

const names = z.array(z.string().min(1).max(256)).max(8);
const tokens = z.int().min(1);
const effort = z.enum(["max", "xhigh", "high", "medium", "low", "minimal", "none"]);

/** An item of a conversation, or of an answer. Without a type it is a message. */
const item = z.looseObject({
  type: z.string().optional(),
  id: z.string().nullish(),
  role: z.enum(["user", "assistant", "system", "developer"]).optional(),
  content: content.nullish(),
  call_id: z.string().optional(),
  name: z.string().optional(),
  namespace: z.string().nullish(),
  arguments: z.string().optional(),
  input: z.string().optional(),
  output: z.unknown().optional(),
  summary: z.array(z.looseObject({ text: z.string() })).nullish(),
  encrypted_content: z.string().nullish(),
  signature: z.string().nullish(),
  format: z.string().nullish(),
});

const tool = z.looseObject({ type: z.string(), name: z.string().optional() });

export const responsesBody = z.looseObject({
  model: z.string().min(1).max(256).optional(),
  models: names.nullish(),
  route: z.enum(["fallback", "sort"]).nullish(),
  input: z.union([z.string(), z.array(item).min(1).max(4_000)]),
  instructions: z.string().nullish(),
  stream: z.boolean().nullish(),
  max_output_tokens: tokens.nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.int().min(0).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  tools: z.array(tool).max(512).nullish(),
  tool_choice: z.union([z.enum(["none", "auto", "required"]), tool]).nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  text: z
    .looseObject({
      format: z
        .looseObject({
          type: z.enum(["text", "json_object", "json_schema"]),
          name: z.string().max(64).optional(),
          description: z.string().nullish(),
          schema: z.record(z.string(), z.unknown()).nullish(),
          strict: z.boolean().nullish(),
        })
        .nullish(),
      verbosity: z.enum(["low", "medium", "high", "xhigh", "max"]).nullish(),
    })
    .nullish(),
  reasoning: z
    .looseObject({
      effort: effort.nullish(),
      summary: z.enum(["auto", "concise", "detailed"]).nullish(),
      max_tokens: tokens.nullish(),
      enabled: z.boolean().nullish(),
      exclude: z.boolean().nullish(),
    })
    .nullish(),
  include: z.array(z.string()).nullish(),
  metadata: z.record(z.string().max(64), z.string().max(512)).nullish(),
  provider: providerPreferences.nullish(),
  preset: z.string().min(1).max(64).nullish(),
  user: z.string().max(256).nullish(),
  session_id: z.string().max(256).nullish(),
  prompt_cache_key: z.string().max(1_024).nullish(),
  truncation: z.enum(["auto", "disabled"]).nullish(),
});

export type ResponsesBody = z.infer<typeof responsesBody>;
export type Item = z.infer<typeof item>;
export type Part = z.infer<typeof part>;
export type Tool = z.infer<typeof tool>;

/** What OpenAI keeps for its callers, and this server does not. */
const KEPT: [field: string, asked: (value: unknown) => boolean, instead: string][] = [
  ["previous_response_id", (value) => value != null, "send the items of the conversation as input"],
  ["conversation", (value) => value != null, "send its items as input"],
  ["store", (value) => value === true, "no answer is stored here"],
  ["background", (value) => value === true, "no answer is kept here until it is fetched"],
  ["prompt", (value) => value != null, "no prompt is stored here"],
];

/** @throws AppError `invalid_request` */
export function readResponsesBody(json: unknown): ResponsesBody {
  const fields = (json ?? {}) as Record<string, unknown>;
  for (const [field, asked, instead] of KEPT)
    if (asked(fields[field])) throw new AppError("invalid_request", `${field} is not served here: ${instead}.`);
  const result = responsesBody.safeParse(json);
  if (!result.success) throw invalidRequest(result.error);
  return result.data;
}
