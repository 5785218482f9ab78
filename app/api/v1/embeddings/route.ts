import { embeddings } from "@/lib/gateway/embeddings";
import { apiMethods } from "@/lib/http/api-methods";

export const maxDuration = 300;

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiMethods({ POST: embeddings });
