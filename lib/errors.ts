/**
 * Every failure a caller can see: OpenRouter's `error_type` and the HTTP status it travels with.
 * A permanent fault of the caller is never a 5xx, because OpenRouter's own SDK retries those for an hour.
 */
const statuses = {
  invalid_request: 400,
  context_length_exceeded: 400,
  max_tokens_exceeded: 400,
  content_policy_violation: 403,
  authentication: 401,
  payment_required: 402,
  permission_denied: 403,
  not_found: 404,
  method_not_allowed: 405,
  timeout: 504,
  conflict: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  unprocessable: 422,
  rate_limit_exceeded: 429,
  server: 500,
  provider_unavailable: 502,
  provider_overloaded: 503,
  service_unavailable: 503,
} as const;

export type ErrorType = keyof typeof statuses;

type Details = {
  /** Further fields of `error.metadata`; shown to the caller, so never anything secret. */
  metadata?: Record<string, unknown>;
  /** Seconds after which the same request may succeed. */
  retryAfter?: number;
  availability?: Availability;
  cause?: unknown;
};

/** OpenRouter's words for why nobody can serve a request: `error.availability`. */
export type Availability = {
  code: string;
  retryable: boolean;
  requested_models: string[];
  docs_url: string;
  /** Seconds. */
  retry_after?: number;
  affected_providers?: string[];
  excluded_by?: string[];
};

/** A failure we expected and can explain. Its message is written for the caller. */
export class AppError extends Error {
  override name = "AppError";
  readonly metadata: Record<string, unknown>;
  readonly retryAfter: number | undefined;
  /** Why nobody can serve the request, where that is what failed. */
  availability: Availability | undefined;
  /** The generation that failed, once there was one. */
  generation?: string;
  /** Which endpoints were considered and tried, for a caller who wants to know. */
  routing?: object;

  constructor(
    readonly type: ErrorType,
    message: string,
    { metadata = {}, retryAfter, availability, cause }: Details = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.metadata = metadata;
    this.retryAfter = retryAfter;
    this.availability = availability;
  }

  get status(): number {
    return statuses[this.type];
  }
}

/**
 * What an upstream can do wrong. `next`: another endpoint may succeed. `outage`: it counts against the
 * endpoint's health; a caller's own mistake does not.
 */
const failures = {
  transport: { type: "provider_unavailable", next: true, outage: true },
  timeout: { type: "timeout", next: true, outage: true },
  throttled: { type: "rate_limit_exceeded", next: true, outage: true },
  overloaded: { type: "provider_overloaded", next: true, outage: true },
  server: { type: "provider_unavailable", next: true, outage: true },
  malformed: { type: "provider_unavailable", next: true, outage: true },
  /** The operator's key was refused, or has no money left: the caller learns only that this provider is out. */
  credential: { type: "provider_unavailable", next: true, outage: true },
  /** The upstream does not know the model name we sent: ours to mend. */
  misconfigured: { type: "provider_unavailable", next: true, outage: true },
  context_length: { type: "context_length_exceeded", next: true, outage: false },
  too_large: { type: "payload_too_large", next: true, outage: false },
  moderation: { type: "content_policy_violation", next: false, outage: false },
  invalid_request: { type: "invalid_request", next: false, outage: false },
} as const satisfies Record<string, { type: ErrorType; next: boolean; outage: boolean }>;

export type ProviderFailure = keyof typeof failures;

/** An upstream refused or broke. The message names the provider; `raw` is its own words, already redacted. */
export class ProviderError extends AppError {
  override name = "ProviderError";

  constructor(
    readonly provider: string,
    readonly failure: ProviderFailure,
    message: string,
    details: { upstreamStatus?: number; raw?: string; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(failures[failure].type, message, {
      metadata: {
        provider_name: provider,
        provider_code: details.upstreamStatus,
        raw: details.raw,
        failure,
        retryable: failures[failure].next,
      },
      retryAfter: details.retryAfter,
      cause: details.cause,
    });
  }

  /** Whether another endpoint may answer where this one failed. */
  get tryNext(): boolean {
    return failures[this.failure].next;
  }

  get countsAsOutage(): boolean {
    return failures[this.failure].outage;
  }
}

/** What we did not expect is masked, never echoed. Compared by name: two module graphs have two classes. */
export function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof Error && (error.name === "AppError" || error.name === "ProviderError")) return error as AppError;
  return new AppError("server", "Internal Server Error", { cause: error });
}

export type ErrorBody = {
  error: {
    code: number;
    message: string;
    metadata: { error_type: ErrorType } & Record<string, unknown>;
    error_type?: ErrorType;
    http_status?: number;
    availability?: Availability;
  };
  openrouter_metadata?: object;
};

/** OpenRouter's envelope. Its SDK insists that `code` is a number, equal to the HTTP status, and `provider_code` a text. */
export function toErrorBody({ status, message, type, metadata, availability, routing }: AppError): ErrorBody {
  const { provider_code: code } = metadata;
  const providerCode = code === undefined ? {} : { provider_code: String(code) };
  return {
    error: {
      code: status,
      message,
      metadata: { error_type: type, ...metadata, ...providerCode },
      ...(availability && { error_type: type, http_status: status, availability }),
    },
    ...(routing && { openrouter_metadata: routing }),
  };
}
