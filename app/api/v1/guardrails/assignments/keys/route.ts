import { listKeyAssignments } from "@/lib/gateway/guardrails-api";
import { apiMethods } from "@/lib/http/api-methods";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiMethods({ GET: listKeyAssignments });
