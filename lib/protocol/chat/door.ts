import type { z } from "zod";
import { toErrorBody } from "@/lib/errors";
import type { Ending, Stamp } from "../answer";
import type { ChatChunk } from "../chat-chunk";
import { parseChatRequest } from "../chat-request";
import { collect } from "../collect";
import type { Door } from "../door";
import { chatEvents } from "./events";
import type { chatReply } from "./reply";
import { toChatUsage } from "./usage";

/** OpenRouter's own, which is OpenAI's with more fields, and the language inside. */
export const chat: Door = {
  read: (body) => ({ request: parseChatRequest(body), fold, writer: chatEvents }),
  errorBody: toErrorBody,
};

async function fold(chunks: AsyncIterable<ChatChunk>, { id, created, model, provider }: Stamp) {
  const { choices, ...rest } = await collect(chunks);
  return ({ bill, metadata }: Ending): z.infer<typeof chatReply> => ({
    ...{ id, object: "chat.completion", created, model, provider, ...rest, choices, usage: toChatUsage(bill) },
    ...(metadata && { openrouter_metadata: { ...metadata } }),
  });
}
