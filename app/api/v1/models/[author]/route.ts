import { retrieveModel } from "@/lib/gateway/model-api";
import { apiMethods } from "@/lib/http/api-methods";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiMethods({ GET: retrieveModel });
