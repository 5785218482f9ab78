import { deleteGuardrail, getGuardrail, patchGuardrail } from "@/lib/gateway/guardrails-api";
import { apiMethods } from "@/lib/http/api-methods";

export const { GET, POST, PUT, PATCH, DELETE, OPTIONS } = apiMethods({
  GET: getGuardrail,
  PATCH: patchGuardrail,
  DELETE: deleteGuardrail,
});
