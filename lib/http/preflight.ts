import { CORS_HEADERS } from "./api-handler";

const HEADERS = {
  ...CORS_HEADERS,
  "access-control-allow-methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
  // Named one by one: a star would not cover Authorization.
  "access-control-allow-headers":
    "Authorization, Content-Type, X-Api-Key, HTTP-Referer, X-Title, X-OpenRouter-Title, X-OpenRouter-Categories, X-OpenRouter-Metadata, X-Session-Id, X-Provider-API-Keys, Idempotency-Key, Anthropic-Version, Anthropic-Beta, X-Anthropic-Beta, Anthropic-Dangerous-Direct-Browser-Access, X-Stainless-Arch, X-Stainless-Helper, X-Stainless-Helper-Method, X-Stainless-Lang, X-Stainless-OS, X-Stainless-Package-Version, X-Stainless-Retry-Count, X-Stainless-Runtime, X-Stainless-Runtime-Version, X-Stainless-Timeout",
  "access-control-max-age": "86400",
};

/** What a browser asks before it sends a key across origins. */
export const preflight = () => new Response(null, { status: 204, headers: HEADERS });
