import { AppError } from "@/lib/errors";
import type { ChatRequest, ToolDefinition } from "../chat-request";
import type { MessagesBody, ToolAdditionBlock, UnknownBlock } from "./body";
import type { Unspoken } from "./parts";

type Tool = NonNullable<MessagesBody["tools"]>[number];

/** Tools that Anthropic describes to its models, and that the caller runs himself. */
const RUN_BY_THE_CALLER = /^(bash|text_editor|memory|computer|computer_toolset|browser_toolset)_\d{8}$/;

/** @throws AppError `invalid_request` for a tool that the provider would run: no hold can bound what that costs */
export function toTools(body: MessagesBody, unspoken: Unspoken): ToolDefinition[] | undefined {
  const functions = toolsOf(body).flatMap((tool, at): ToolDefinition[] => {
    if (!tool.type || tool.type === "custom") return [toFunction(tool, at)];
    if (!RUN_BY_THE_CALLER.test(tool.type))
      throw new AppError(
        "invalid_request",
        `Tools of type ${tool.type} are not served here: a provider would run them, at a cost that cannot be known before.`,
      );
    unspoken(`tools of type ${tool.type}`);
    return [];
  });
  return functions.length ? functions : undefined;
}

/** Those that a conversation begins with, and those that it comes by on the way: to most models all are there at once. */
const toolsOf = ({ tools, messages }: MessagesBody): Tool[] => [
  ...(tools ?? []),
  ...messages.flatMap(({ content }) =>
    typeof content === "string"
      ? []
      : content.filter(isAddition).flatMap(({ tool: { definition } }) => (definition ? [definition] : [])),
  ),
];

const isAddition = (block: UnknownBlock): block is ToolAdditionBlock => block.type === "tool_addition";

function toFunction({ name, description, input_schema, strict, cache_control }: Tool, at: number): ToolDefinition {
  if (!name || !input_schema)
    throw new AppError("invalid_request", `Invalid request parameters: tools.${at}: a name and an input_schema`);
  return {
    type: "function",
    function: {
      name,
      ...(description && { description }),
      parameters: input_schema,
      ...(typeof strict === "boolean" && { strict }),
    },
    ...(cache_control != null && { cache_control }),
  };
}

export function toToolChoice({ tool_choice: choice }: MessagesBody): Partial<ChatRequest> {
  if (!choice) return {};
  if (choice.type === "none") return { tool_choice: "none" };
  const parallel = choice.disable_parallel_tool_use ? { parallel_tool_calls: false } : {};
  if (choice.type === "tool")
    return { tool_choice: { type: "function", function: { name: choice.name } }, ...parallel };
  return { tool_choice: choice.type === "any" ? "required" : "auto", ...parallel };
}
