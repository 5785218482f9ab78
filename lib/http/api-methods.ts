import { AppError } from "@/lib/errors";
import type { ApiHandler } from "./api-handler";
import { apiRoute } from "./api-route";
import { nextRoute } from "./next-route";
import { preflight } from "./preflight";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** All that a route file exports. A method that it does not take is refused in the API's own words: Next's have no body. */
export function apiMethods(handlers: Partial<Record<Method, ApiHandler>>) {
  const taken = [...Object.keys(handlers), "OPTIONS"].join(", ");
  const [served] = Object.values(handlers);
  const refusal = apiRoute(async ({ method, path }) => {
    throw new AppError("method_not_allowed", `${path} takes ${taken}, and not ${method}.`);
  }, served?.errorBody);
  const refuse: ApiHandler = async (request) => {
    const reply = await refusal(request);
    return { ...reply, headers: { ...reply.headers, allow: taken } };
  };
  const of = (method: Method) => nextRoute(handlers[method] ?? refuse);
  return {
    GET: of("GET"),
    POST: of("POST"),
    PUT: of("PUT"),
    PATCH: of("PATCH"),
    DELETE: of("DELETE"),
    OPTIONS: preflight,
  };
}
