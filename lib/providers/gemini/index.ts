import { GoogleGenAI } from "@google/genai";
import type { Connection, ProviderAdapter, ProviderCall } from "../adapter";
import { makeAdapter } from "../dialect";
import { sendableKey } from "../sendable-key";
import { asFetch, type Deadlines, upstreamFetch } from "../upstream-fetch";
import type { UpstreamResponse } from "../upstream-response";
import { geminiReader, readWhole } from "./answer";
import { toGeminiRequest } from "./request";

const GOOGLE = "https://generativelanguage.googleapis.com";

export function gemini(connection: Connection): ProviderAdapter {
  const client = new GoogleGenAI({
    apiKey: sendableKey(connection),
    // Otherwise taken from the environment.
    vertexai: false,
    httpOptions: { baseUrl: connection.baseUrl ?? GOOGLE },
  });
  return makeAdapter(connection, {
    send: (call, deadlines) => send(client, call, deadlines),
    readWhole,
    reader: geminiReader,
    sendsMedia: ({ upstreamModel }) => upstreamModel.includes("image"),
  });
}

const nothing = {
  ok: true,
  status: 200,
  headers: new Headers(),
  json: async () => ({}),
} as unknown as UpstreamResponse;

/**
 * The SDK puts the request together and sends it, but makes a native `Response` of each event that it reads. So the
 * answer is caught on its way to the SDK, which is given an empty one.
 */
async function send(client: GoogleGenAI, call: ProviderCall, deadlines: Deadlines): Promise<UpstreamResponse> {
  let answer: UpstreamResponse | undefined;
  const fetch = asFetch(async (url, init) => {
    answer = await upstreamFetch(url, { ...init, deadlines });
    return nothing;
  });
  const request = toGeminiRequest(call);
  const config = { ...request.config, abortSignal: call.signal, httpOptions: { fetch } };
  if (call.request.stream) await client.models.generateContentStream({ ...request, config });
  else await client.models.generateContent({ ...request, config });
  if (!answer) throw new Error("the SDK did not call its fetch");
  return answer;
}
