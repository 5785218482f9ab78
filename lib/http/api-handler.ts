import type { AppError } from "@/lib/errors";

/** A request to the public API, as both mounts give it: the server's own, and Next's route handlers. */
export type ApiRequest = {
  method: string;
  path: string;
  query: URLSearchParams;
  header: (name: string) => string | undefined;
  /** @throws AppError `payload_too_large`, `unsupported_media_type` */
  text: () => Promise<string>;
  /** Aborted when the caller goes away before the answer is complete. */
  signal: AbortSignal;
};

export type ApiReply = {
  status: number;
  headers: Record<string, string>;
  /** Text that is sent whole, or pieces that are sent as they come. */
  body: string | AsyncIterable<string>;
  /** Sent each time that nothing has come of the body for a while, to keep the connection from being taken for dead. */
  meanwhile?: string;
};

/** How patient a mount is with a connection; milliseconds. */
export type Patience = {
  /** So long a body may be silent before `meanwhile` is sent. */
  silence: number;
  /** A reader who takes nothing for this long is gone. */
  stalled: number;
};

export const usualPatience: Patience = { silence: 10_000, stalled: 60_000 };

/** One endpoint of the public API. A plain function, so that it can be mounted twice and called in a test. */
export type ApiHandler = {
  (request: ApiRequest): Promise<ApiReply>;
  /** How its dialect says that something failed, for those who refuse a request in its place; else OpenRouter's way. */
  errorBody?: ErrorBodyOf;
};

export type ErrorBodyOf = (error: AppError) => object;

/** An answer is for its caller alone, also where a cache on the way does not know `X-Api-Key` for a credential. */
export const jsonReply = (
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): ApiReply & { body: string } => ({
  status,
  headers: {
    "content-type": "application/json; charset=utf-8",
    "cache-control": "private, no-store",
    "x-content-type-options": "nosniff",
    ...headers,
  },
  body: JSON.stringify(body),
});

/** Browsers call the API directly, with a key and never with a cookie. */
export const CORS_HEADERS = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers":
    "X-Generation-Id, Request-Id, Retry-After, ETag, Idempotent-Replayed, " +
    ["Limit", "Remaining", "Reset"].map((name) => `X-RateLimit-${name}, `).join("") +
    ["Status", "Age", "TTL", "Source-Id"].map((name) => `X-OpenRouter-Cache-${name}`).join(", "),
};
