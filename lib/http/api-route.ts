import { type AppError, asAppError, toErrorBody } from "@/lib/errors";
import { log } from "@/lib/log";
import { type ApiHandler, type ApiReply, CORS_HEADERS, type ErrorBodyOf, jsonReply } from "./api-handler";

/** The one exit for failures before an answer has begun: whatever is thrown below becomes the dialect's envelope. */
export function apiRoute(handler: ApiHandler, errorBody?: ErrorBodyOf): ApiHandler {
  const route: ApiHandler = async (request) => {
    const reply = await handler(request).catch((thrown: unknown) => {
      const error = asAppError(thrown);
      if (error.status >= 500) log().error({ path: request.path, type: error.type, err: error.cause }, error.message);
      return errorReply(error, errorBody);
    });
    Object.assign(reply.headers, CORS_HEADERS);
    return reply;
  };
  return Object.assign(route, { errorBody });
}

export function errorReply(error: AppError, errorBody: ErrorBodyOf = toErrorBody): ApiReply {
  // Here too: what is refused before its handler is asked must be readable for a browser as well.
  const headers: Record<string, string> = { ...CORS_HEADERS };
  if (error.retryAfter !== undefined) headers["retry-after"] = String(Math.ceil(error.retryAfter));
  // What a rate limit of ours says of itself is said in the envelope too.
  if (error.status === 429) Object.assign(headers, error.metadata.headers);
  // The SDKs of this dialect try again by themselves; where that cannot help, they are told so.
  if (error.status < 500 && error.status !== 429) headers["x-should-retry"] = "false";
  return jsonReply(errorBody(error), error.status, headers);
}
