import { getOpenApi } from "@/lib/gateway/openapi-api";
import { apiMethods } from "@/lib/http/api-methods";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiMethods({ GET: getOpenApi });
