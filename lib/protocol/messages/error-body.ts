import type { AppError, ErrorType } from "@/lib/errors";

/** Anthropic's names, by which its SDKs' callers tell failures apart. */
const types: Record<ErrorType, string> = {
  invalid_request: "invalid_request_error",
  context_length_exceeded: "invalid_request_error",
  max_tokens_exceeded: "invalid_request_error",
  content_policy_violation: "invalid_request_error",
  authentication: "authentication_error",
  payment_required: "billing_error",
  permission_denied: "permission_error",
  not_found: "not_found_error",
  method_not_allowed: "invalid_request_error",
  timeout: "timeout_error",
  conflict: "invalid_request_error",
  payload_too_large: "invalid_request_error",
  unsupported_media_type: "invalid_request_error",
  unprocessable: "invalid_request_error",
  rate_limit_exceeded: "rate_limit_error",
  server: "api_error",
  provider_unavailable: "api_error",
  provider_overloaded: "overloaded_error",
  service_unavailable: "overloaded_error",
};

export const toMessagesError = ({ type, message, metadata, generation, routing }: AppError) => ({
  type: "error",
  error: { type: types[type], message, error_type: type },
  ...(Object.keys(metadata).length > 0 && { metadata }),
  request_id: generation ?? null,
  ...(routing && { openrouter_metadata: routing }),
});
