import { type ApiHandler, jsonReply } from "@/lib/http/api-handler";
import { apiRoute } from "@/lib/http/api-route";
import { publicReply } from "@/lib/http/public-reply";
import { openApiDocument } from "./openapi";

/** GET /openapi.json, and the same below /api/v1. */
export const getOpenApi: ApiHandler = apiRoute(async (request) => publicReply(request, jsonReply(openApiDocument())));
