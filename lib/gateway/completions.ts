import { completions as door } from "@/lib/protocol/completions/door";
import { completionsReply } from "@/lib/protocol/completions/reply";
import { completionsBody } from "@/lib/protocol/completions/request";
import type { Operation } from "./operation";
import { serve } from "./serve";

/** POST /api/v1/completions */
export const completions = serve(door);

export const completionsOperations: Operation[] = [
  {
    at: "POST /completions",
    id: "createCompletion",
    tag: "Chat",
    access: "inference",
    summary: "Answer a prompt, in the dialect from before there was chat",
    description: "With `stream: true`, as server-sent events. It takes the fields of a chat completion too.",
    body: completionsBody,
    reply: completionsReply,
    event: completionsReply,
    errors: ["payment_required", "rate_limit_exceeded", "provider_unavailable", "provider_overloaded", "timeout"],
    example: { body: { model: "openai/gpt-4o-mini", prompt: "Hello", max_tokens: 200 } },
  },
];
