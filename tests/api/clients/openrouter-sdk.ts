import { OpenRouter } from "@openrouter/sdk";
import type { ChatResult, ChatStreamChunk } from "@openrouter/sdk/models";
import type { SendChatCompletionRequestResponse as Answer } from "@openrouter/sdk/models/operations";
import type { Served } from "./served";

/** OpenRouter's own client. It would repeat what failed for an hour, which no test waits for. */
export const openRouterSdk = ({ customer, baseURL }: Served) =>
  new OpenRouter({ apiKey: customer.key, serverURL: baseURL, retryConfig: { strategy: "none" } });

/** Its types do not say which of the two a request is answered with. */
export async function whole(asked: Promise<Answer>): Promise<ChatResult> {
  const answer = await asked;
  if ("choices" in answer) return answer;
  throw new Error("a stream came where a whole answer was asked for");
}

export async function streamed(asked: Promise<Answer>): Promise<ChatStreamChunk[]> {
  const answer = await asked;
  if ("choices" in answer) throw new Error("a whole answer came where a stream was asked for");
  const chunks: ChatStreamChunk[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return chunks;
}
