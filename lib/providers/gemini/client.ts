import { GoogleGenAI } from "@google/genai";
import type { Connection } from "../adapter";
import type { ConnectionDeadlines } from "../deadlines";
import { sendableKey } from "../sendable-key";
import { asFetch, upstreamFetch } from "../upstream-fetch";
import type { UpstreamResponse } from "../upstream-response";

const GOOGLE = "https://generativelanguage.googleapis.com";

export const geminiClient = (connection: Connection) =>
  new GoogleGenAI({
    apiKey: sendableKey(connection),
    // Otherwise taken from the environment.
    vertexai: false,
    httpOptions: { baseUrl: connection.baseUrl ?? GOOGLE },
  });

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
export async function caughtAnswer(
  deadlines: ConnectionDeadlines,
  send: (fetch: typeof globalThis.fetch) => Promise<void>,
): Promise<UpstreamResponse> {
  let answer: UpstreamResponse | undefined;
  await send(
    asFetch(async (url, init) => {
      answer = await upstreamFetch(url, { ...init, deadlines });
      return nothing;
    }),
  );
  if (!answer) throw new Error("the SDK did not call its fetch");
  return answer;
}
