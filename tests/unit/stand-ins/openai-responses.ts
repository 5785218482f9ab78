import OpenAI from "openai";
import type { Response, ResponseInputItem } from "openai/resources/responses/responses";
import { type Ask, type Reply, TOOL_NAME, TOOL_SCHEMA } from "./reply";

export async function askOpenAIResponses(baseURL: string, ask: Ask): Promise<Reply> {
  const client = new OpenAI({ baseURL, apiKey: "stand-in", maxRetries: 0 });
  if (!ask.stream) return { ...readResponse(await client.responses.create(requestOf(ask))), pieces: 1 };
  let pieces = 0;
  let whole: Response | undefined;
  for await (const event of await client.responses.create({ ...requestOf(ask), stream: true })) {
    if (event.type.endsWith(".delta")) pieces += 1;
    if (event.type === "response.completed" || event.type === "response.incomplete") whole = event.response;
  }
  if (!whole) throw new Error("the stream ended without its last event");
  return { ...readResponse(whole), pieces };
}

function requestOf(ask: Ask) {
  return {
    model: "gpt-5.4",
    input: inputOf(ask),
    store: false,
    include: ["reasoning.encrypted_content" as const],
    max_output_tokens: ask.maxTokens,
    ...(ask.withTool && {
      tools: [{ type: "function" as const, name: TOOL_NAME, parameters: TOOL_SCHEMA, strict: false }],
      tool_choice: toolChoiceOf(ask),
    }),
  };
}

function inputOf(ask: Ask): ResponseInputItem[] {
  const question: ResponseInputItem = { role: "user", content: [{ type: "input_text", text: ask.text }] };
  if (ask.toolResult === undefined) return [question];
  return [
    question,
    { type: "function_call", call_id: "call_1", name: TOOL_NAME, arguments: "{}" },
    { type: "function_call_output", call_id: "call_1", output: ask.toolResult },
  ];
}

function toolChoiceOf({ toolUse }: Ask) {
  if (toolUse === "none") return "none" as const;
  return toolUse === "forced" ? { type: "function" as const, name: TOOL_NAME } : ("auto" as const);
}

function readResponse({ output, status, usage }: Response): Omit<Reply, "pieces"> {
  const call = output.find((item) => item.type === "function_call");
  const parts = output.flatMap((item) => (item.type === "message" ? item.content : []));
  return {
    text: parts.map((part) => (part.type === "output_text" ? part.text : "")).join(""),
    finishReason: status ?? "",
    toolCall: call && { name: call.name, arguments: JSON.parse(call.arguments) },
    promptTokens: usage?.input_tokens ?? 0,
    completionTokens: usage?.output_tokens ?? 0,
  };
}
