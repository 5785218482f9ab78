import { listEmbeddingModels } from "@/lib/gateway/models-api";
import { apiMethods } from "@/lib/http/api-methods";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiMethods({ GET: listEmbeddingModels });
