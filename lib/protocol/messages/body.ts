import { z } from "zod";
import { invalidRequest } from "../invalid-request";
import { plugins } from "../plugins";
import { providerPreferences } from "../provider-preferences";

const text = z.looseObject({ type: z.literal("text"), text: z.string() });
const base64 = z.looseObject({ type: z.literal("base64"), media_type: z.string(), data: z.string() });
const url = z.looseObject({ type: z.literal("url"), url: z.string() });
const file = z.looseObject({ type: z.literal("file"), file_id: z.string() });
const image = z.looseObject({
  type: z.literal("image"),
  source: z.discriminatedUnion("type", [base64, url, file]),
});
const inner = z.union([z.string(), z.array(z.discriminatedUnion("type", [text, image]))]);
const document = z.looseObject({
  type: z.literal("document"),
  title: z.string().nullish(),
  context: z.string().nullish(),
  source: z.discriminatedUnion("type", [
    base64,
    url,
    file,
    z.looseObject({ type: z.literal("text"), data: z.string() }),
    z.looseObject({ type: z.literal("content"), content: inner }),
  ]),
});
const searchResult = z.looseObject({
  type: z.literal("search_result"),
  source: z.string(),
  title: z.string(),
  content: z.array(text),
});
const toolUse = z.looseObject({
  type: z.literal("tool_use"),
  id: z.string(),
  name: z.string(),
  input: z.unknown(),
});
const thinking = z.looseObject({ type: z.literal("thinking"), thinking: z.string(), signature: z.string().nullish() });
const redacted = z.looseObject({ type: z.literal("redacted_thinking"), data: z.string() });

/** The kinds of content that this server understands. Others may go to an upstream that does. */
const understood = [text, image, document, searchResult, toolUse, thinking, redacted] as const;

/** A union that names the fault of the member that was meant, and takes what is no member as it is. */
const blockOf = (members: readonly z.ZodObject<{ type: z.ZodLiteral<string> }>[]) => {
  const byType = new Map(members.map((member) => [member.shape.type.value, member]));
  return z.looseObject({ type: z.string() }).superRefine((block, context) => {
    for (const { message, path } of byType.get(block.type)?.safeParse(block).error?.issues ?? [])
      context.addIssue({ code: "custom", message, path });
  });
};

const toolResult = z.looseObject({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(blockOf(understood))]).nullish(),
});

const tool = z.looseObject({
  type: z.string().nullish(),
  name: z.string().min(1).max(128).nullish(),
  description: z.string().nullish(),
  input_schema: z.record(z.string(), z.unknown()).nullish(),
});
/** A conversation may come by tools, and lose some, on its way. */
const toolAddition = z.looseObject({
  type: z.literal("tool_addition"),
  tool: z.looseObject({ type: z.string(), definition: tool.nullish() }),
});
const toolRemoval = z.looseObject({ type: z.literal("tool_removal") });

const system = z.union([z.string(), z.array(text)]);
const tokens = z.int().min(1);
const oneAtATime = z.boolean().nullish();
const slug = z.string().min(1).max(256);

/** Anthropic's request with OpenRouter's fields. What it does not name is kept. */
export const messagesBody = z.looseObject({
  model: slug,
  models: z.array(slug).max(8).nullish(),
  fallbacks: z
    .array(z.looseObject({ model: slug }))
    .max(3)
    .nullish(),
  messages: z
    .array(
      z.looseObject({
        role: z.enum(["user", "assistant", "system"]),
        content: z.union([z.string(), z.array(blockOf([...understood, toolResult, toolAddition, toolRemoval]))]),
      }),
    )
    .min(1)
    .max(10_000),
  system: system.nullish(),
  max_tokens: tokens.nullish(),
  stream: z.boolean().nullish(),
  stop_sequences: z.array(z.string()).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  top_k: z.int().min(0).nullish(),
  tools: z.array(tool).max(2_000).nullish(),
  tool_choice: z
    .discriminatedUnion("type", [
      z.looseObject({ type: z.enum(["auto", "any"]), disable_parallel_tool_use: oneAtATime }),
      z.looseObject({ type: z.literal("tool"), name: z.string(), disable_parallel_tool_use: oneAtATime }),
      z.looseObject({ type: z.literal("none") }),
    ])
    .nullish(),
  thinking: z
    .discriminatedUnion("type", [
      z.looseObject({ type: z.literal("enabled"), budget_tokens: tokens, display: z.string().nullish() }),
      z.looseObject({ type: z.enum(["adaptive", "between_tools"]), display: z.string().nullish() }),
      z.looseObject({ type: z.literal("disabled") }),
    ])
    .nullish(),
  output_config: z
    .looseObject({
      effort: z.enum(["max", "xhigh", "high", "medium", "low"]).nullish(),
      format: z.looseObject({ type: z.literal("json_schema"), schema: z.record(z.string(), z.unknown()) }).nullish(),
    })
    .nullish(),
  metadata: z.looseObject({ user_id: z.string().nullish() }).nullish(),
  service_tier: z.string().nullish(),
  provider: providerPreferences.nullish(),
  plugins,
  preset: z.string().min(1).max(64).nullish(),
  route: z.enum(["fallback", "sort"]).nullish(),
  user: z.string().max(256).nullish(),
  session_id: z.string().max(256).nullish(),
});

export type MessagesBody = z.infer<typeof messagesBody>;
export type TextBlock = z.infer<typeof text>;
export type ImageBlock = z.infer<typeof image>;
export type DocumentBlock = z.infer<typeof document>;
export type ToolAdditionBlock = z.infer<typeof toolAddition>;
export type ToolResultBlock = z.infer<typeof toolResult>;
/** What `blockOf` has looked at is one of these, or of a type that none of them has. */
export type UnderstoodBlock =
  | z.infer<(typeof understood)[number]>
  | ToolResultBlock
  | ToolAdditionBlock
  | z.infer<typeof toolRemoval>;
export type UnknownBlock = { type: string };

/** @throws AppError `invalid_request` */
export function readMessagesBody(body: unknown): MessagesBody {
  const result = messagesBody.safeParse(body);
  if (!result.success) throw invalidRequest(result.error);
  return result.data;
}
