import { getGeneration } from "@/lib/gateway/generation-api";
import { apiMethods } from "@/lib/http/api-methods";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiMethods({ GET: getGeneration });
