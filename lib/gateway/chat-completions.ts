import { chat } from "@/lib/protocol/chat/door";
import { chatEvent, chatReply } from "@/lib/protocol/chat/reply";
import { chatRequest } from "@/lib/protocol/chat-request";
import type { Operation } from "./operation";
import { serve } from "./serve";

/** POST /api/v1/chat/completions */
export const chatCompletions = serve(chat);

export const chatOperations: Operation[] = [
  {
    at: "POST /chat/completions",
    id: "createChatCompletion",
    tag: "Chat",
    access: "inference",
    summary: "Answer a conversation",
    description: "With `stream: true`, as server-sent events. Fields that are not named here are passed over.",
    body: chatRequest,
    reply: chatReply,
    event: chatEvent,
    errors: ["payment_required", "rate_limit_exceeded", "provider_unavailable", "provider_overloaded", "timeout"],
    example: {
      body: { model: "openai/gpt-4o-mini", messages: [{ role: "user", content: "Hello" }], max_tokens: 200 },
    },
  },
];
