import { responsesBody } from "@/lib/protocol/responses/body";
import { responses as door } from "@/lib/protocol/responses/door";
import { responsesEvent, responsesReply } from "@/lib/protocol/responses/reply";
import type { Operation } from "./operation";
import { serve } from "./serve";

/** POST /api/v1/responses */
export const responses = serve(door);

export const responsesOperations: Operation[] = [
  {
    at: "POST /responses",
    id: "createResponse",
    tag: "Chat",
    access: "inference",
    summary: "Answer in OpenAI's Responses dialect",
    description:
      "With `stream: true`, as server-sent events. Nothing is stored: `store`, `background`, `previous_response_id`, `conversation` and `prompt` are refused.",
    body: responsesBody,
    reply: responsesReply,
    event: responsesEvent,
    errors: ["payment_required", "rate_limit_exceeded", "provider_unavailable", "provider_overloaded", "timeout"],
    example: { body: { model: "openai/gpt-5.4-mini", input: "Hello", max_output_tokens: 200 } },
  },
];
