import type { GoogleGenAI } from "@google/genai";
import type { Connection, ProviderAdapter, ProviderCall } from "../adapter";
import type { ConnectionDeadlines } from "../deadlines";
import { makeAdapter } from "../dialect";
import type { UpstreamResponse } from "../upstream-response";
import { geminiReader, readWhole } from "./answer";
import { caughtAnswer, geminiClient } from "./client";
import { toGeminiRequest } from "./request";

export function gemini(connection: Connection): ProviderAdapter {
  const client = geminiClient(connection);
  return makeAdapter(connection, {
    send: (call, deadlines) => send(client, call, deadlines),
    readWhole,
    reader: geminiReader,
    sendsMedia: ({ upstreamModel }) => upstreamModel.includes("image"),
  });
}

async function send(
  client: GoogleGenAI,
  call: ProviderCall,
  deadlines: ConnectionDeadlines,
): Promise<UpstreamResponse> {
  const request = toGeminiRequest(call);
  return caughtAnswer(deadlines, async (fetch) => {
    const config = { ...request.config, abortSignal: call.signal, httpOptions: { fetch } };
    if (call.request.stream) await client.models.generateContentStream({ ...request, config });
    else await client.models.generateContent({ ...request, config });
  });
}
