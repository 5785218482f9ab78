import { CORS_HEADERS } from "./api-handler";

/** Named one by one: a star would not cover Authorization. */
const KNOWN =
  "Authorization, Content-Type, X-Api-Key, HTTP-Referer, X-Title, X-OpenRouter-Title, X-OpenRouter-Categories, X-OpenRouter-Metadata, X-Session-Id, X-Provider-API-Keys, Idempotency-Key, X-OpenRouter-Cache, X-OpenRouter-Cache-TTL, X-OpenRouter-Cache-Clear, X-OpenRouter-Resumable, Last-Event-ID, Anthropic-Version, Anthropic-Beta";

const NAMES = /^[\w!#$%&'*+.^`|~-]+(?: *, *[\w!#$%&'*+.^`|~-]+)*$/;
const LONGEST = 2_000;

/**
 * What a browser asks before it sends a key across origins. Clients send headers of their own, which a page may: the API
 * takes no cookies, so that there is nothing to lose by any of them.
 */
export function preflight(request: Request): Response {
  const asked = request.headers.get("access-control-request-headers") ?? "";
  return new Response(null, {
    status: 204,
    headers: {
      ...CORS_HEADERS,
      "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
      "access-control-allow-headers": asked.length <= LONGEST && NAMES.test(asked) ? `${KNOWN}, ${asked}` : KNOWN,
      "access-control-max-age": "86400",
      vary: "Access-Control-Request-Headers",
    },
  });
}
