import Anthropic from "@anthropic-ai/sdk";
import { type Ask, type Reply, TOOL_NAME, TOOL_SCHEMA } from "./reply";

export async function askAnthropic(baseURL: string, ask: Ask): Promise<Reply> {
  const client = new Anthropic({ baseURL, apiKey: "stand-in", maxRetries: 0 });
  if (!ask.stream) return { ...readMessage(await client.messages.create(requestOf(ask))), pieces: 1 };
  const stream = client.messages.stream(requestOf(ask));
  let pieces = 0;
  stream.on("streamEvent", (event) => {
    if (event.type === "content_block_delta") pieces += 1;
  });
  return { ...readMessage(await stream.finalMessage()), pieces };
}

function requestOf(ask: Ask): Anthropic.MessageCreateParamsNonStreaming {
  return {
    model: "claude-haiku-4-5",
    max_tokens: ask.maxTokens ?? 1000,
    messages: messagesOf(ask),
    ...(ask.withTool && { tools: [{ name: TOOL_NAME, input_schema: TOOL_SCHEMA }], tool_choice: toolChoiceOf(ask) }),
  };
}

function messagesOf(ask: Ask): Anthropic.MessageParam[] {
  const question: Anthropic.MessageParam = { role: "user", content: ask.text };
  if (ask.toolResult === undefined) return [question];
  return [
    question,
    { role: "assistant", content: [{ type: "tool_use", id: "call_1", name: TOOL_NAME, input: {} }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "call_1", content: ask.toolResult }] },
  ];
}

function toolChoiceOf({ toolUse }: Ask): Anthropic.ToolChoice {
  if (toolUse === "none") return { type: "none" };
  return toolUse === "forced" ? { type: "any" } : { type: "auto" };
}

function readMessage({ content, stop_reason, usage }: Anthropic.Message): Omit<Reply, "pieces"> {
  const call = content.find((block) => block.type === "tool_use");
  return {
    text: content.map((block) => (block.type === "text" ? block.text : "")).join(""),
    finishReason: stop_reason ?? "",
    toolCall: call && { name: call.name, arguments: call.input },
    promptTokens: usage.input_tokens,
    completionTokens: usage.output_tokens,
  };
}
