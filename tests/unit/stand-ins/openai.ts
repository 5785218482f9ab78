import OpenAI from "openai";
import type { ChatCompletionMessageParam } from "openai/resources";
import { type Ask, type Reply, TOOL_NAME, TOOL_SCHEMA } from "./reply";

export async function askOpenAI(baseURL: string, ask: Ask): Promise<Reply> {
  const client = new OpenAI({ baseURL, apiKey: "stand-in", maxRetries: 0 });
  if (!ask.stream) return { ...readCompletion(await client.chat.completions.create(requestOf(ask))), pieces: 1 };
  const stream = client.chat.completions.stream({
    ...requestOf(ask),
    stream: true,
    stream_options: { include_usage: true },
  });
  let pieces = 0;
  stream.on("chunk", () => {
    pieces += 1;
  });
  return { ...readCompletion(await stream.finalChatCompletion()), pieces };
}

function requestOf(ask: Ask) {
  return {
    model: "gpt-4o-mini",
    messages: messagesOf(ask),
    max_completion_tokens: ask.maxTokens,
    ...(ask.withTool && {
      tools: [{ type: "function" as const, function: { name: TOOL_NAME, parameters: TOOL_SCHEMA } }],
      tool_choice: toolChoiceOf(ask),
    }),
  };
}

function messagesOf(ask: Ask): ChatCompletionMessageParam[] {
  const question: ChatCompletionMessageParam = { role: "user", content: ask.text };
  if (ask.toolResult === undefined) return [question];
  const call = { id: "call_1", type: "function" as const, function: { name: TOOL_NAME, arguments: "{}" } };
  return [
    question,
    { role: "assistant", content: null, tool_calls: [call] },
    { role: "tool", tool_call_id: call.id, content: ask.toolResult },
  ];
}

function toolChoiceOf({ toolUse }: Ask) {
  if (toolUse === "none") return "none" as const;
  return toolUse === "forced" ? { type: "function" as const, function: { name: TOOL_NAME } } : ("auto" as const);
}

function readCompletion({ choices, usage }: OpenAI.ChatCompletion): Omit<Reply, "pieces"> {
  const message = choices[0]?.message;
  const [call] = message?.tool_calls ?? [];
  return {
    text: message?.content ?? "",
    finishReason: choices[0]?.finish_reason ?? "",
    toolCall:
      call?.type === "function"
        ? { name: call.function.name, arguments: JSON.parse(call.function.arguments) }
        : undefined,
    promptTokens: usage?.prompt_tokens ?? 0,
    completionTokens: usage?.completion_tokens ?? 0,
  };
}
