import { type Content, FunctionCallingConfigMode, type GenerateContentResponse, GoogleGenAI } from "@google/genai";
import { type Ask, type Reply, TOOL_NAME, TOOL_SCHEMA } from "./reply";

export async function askGoogle(baseUrl: string, ask: Ask): Promise<Reply> {
  const client = new GoogleGenAI({ apiKey: "stand-in", httpOptions: { baseUrl } });
  if (!ask.stream) return readParts([await client.models.generateContent(requestOf(ask))]);
  const parts: GenerateContentResponse[] = [];
  for await (const part of await client.models.generateContentStream(requestOf(ask))) parts.push(part);
  return readParts(parts);
}

function requestOf(ask: Ask) {
  return {
    model: "gemini-2.5-flash",
    contents: contentsOf(ask),
    config: {
      maxOutputTokens: ask.maxTokens,
      ...(ask.withTool && {
        tools: [{ functionDeclarations: [{ name: TOOL_NAME, parametersJsonSchema: TOOL_SCHEMA }] }],
        toolConfig: { functionCallingConfig: { mode: modeOf(ask) } },
      }),
    },
  };
}

function contentsOf(ask: Ask): Content[] {
  const question = { role: "user", parts: [{ text: ask.text }] };
  if (ask.toolResult === undefined) return [question];
  return [
    question,
    { role: "model", parts: [{ functionCall: { name: TOOL_NAME, args: {} } }] },
    { role: "user", parts: [{ functionResponse: { name: TOOL_NAME, response: { output: ask.toolResult } } }] },
  ];
}

function modeOf({ toolUse }: Ask) {
  if (toolUse === "none") return FunctionCallingConfigMode.NONE;
  return toolUse === "forced" ? FunctionCallingConfigMode.ANY : FunctionCallingConfigMode.AUTO;
}

function readParts(responses: GenerateContentResponse[]): Reply {
  const parts = responses.flatMap((response) => response.candidates?.[0]?.content?.parts ?? []);
  const call = parts.find((part) => part.functionCall)?.functionCall;
  const usage = responses.at(-1)?.usageMetadata;
  return {
    text: parts.map((part) => part.text ?? "").join(""),
    finishReason: responses.at(-1)?.candidates?.[0]?.finishReason ?? "",
    pieces: responses.length,
    toolCall: call && { name: call.name ?? "", arguments: call.args },
    promptTokens: usage?.promptTokenCount ?? 0,
    completionTokens: usage?.candidatesTokenCount ?? 0,
  };
}
