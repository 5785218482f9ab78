import { embeddings as door } from "@/lib/protocol/embeddings/door";
import { embeddingsReply } from "@/lib/protocol/embeddings/reply";
import { embeddingsRequest } from "@/lib/protocol/embeddings/request";
import type { Operation } from "./operation";
import { serve } from "./serve";

/** POST /api/v1/embeddings */
export const embeddings = serve(door);

export const embeddingsOperations: Operation[] = [
  {
    at: "POST /embeddings",
    id: "createEmbeddings",
    tag: "Embeddings",
    access: "inference",
    summary: "Turn texts into embeddings",
    body: embeddingsRequest,
    reply: embeddingsReply,
    errors: ["payment_required", "rate_limit_exceeded", "provider_unavailable", "provider_overloaded", "timeout"],
    example: { body: { model: "openai/text-embedding-3-small", input: ["Hello", "Good evening"] } },
  },
];
