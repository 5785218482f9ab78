import { messagesBody } from "@/lib/protocol/messages/body";
import { messages as door } from "@/lib/protocol/messages/door";
import { messagesEvent, messagesFailure, messagesReply, tokenCount } from "@/lib/protocol/messages/reply";
import type { Operation } from "./operation";
import { serve } from "./serve";

/** POST /api/v1/messages */
export const messages = serve(door);

const ask = { model: "anthropic/claude-sonnet-4.5", messages: [{ role: "user", content: "Hello" }] };

export const messagesOperations: Operation[] = [
  {
    at: "POST /messages",
    id: "createMessage",
    tag: "Messages",
    access: "inference",
    summary: "Answer a conversation, in Anthropic's words",
    description:
      "Any model answers; to Claude at Anthropic the request goes as it came, with its `anthropic-beta`. Tools that a provider runs itself are not served.",
    body: messagesBody,
    reply: messagesReply,
    event: messagesEvent,
    failure: messagesFailure,
    errors: ["payment_required", "rate_limit_exceeded", "provider_unavailable", "provider_overloaded", "timeout"],
    example: { body: { ...ask, max_tokens: 200 } },
  },
  {
    at: "POST /messages/count_tokens",
    id: "countMessageTokens",
    tag: "Messages",
    access: "inference",
    summary: "Estimate how long a prompt is",
    body: messagesBody,
    reply: tokenCount,
    failure: messagesFailure,
    example: { body: ask },
  },
];
