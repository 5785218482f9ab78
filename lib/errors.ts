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
  /** Seconds; of a route on which several limit the rate, the least. */
  retryAfter: number | undefined;
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

/** What a failure says of the endpoint: that it failed, that it is full for now, that it is out until somebody mends it, nothing. */
export type HealthEffect = "failed" | "throttled" | "out" | "none";

/** The stretch of a call in which the patience for it ended. */
export type Phase = "connect" | "headers" | "first_token" | "idle" | "total";

/**
 * What an upstream can do wrong, and what follows from it before the caller has had a word. `again`: the same endpoint
 * may be asked once more. `next`: another endpoint may succeed. `health`: what it does to the endpoint's; a caller's
 * own mistake does nothing.
 */
const failures = {
  transport: { type: "provider_unavailable", again: true, next: true, health: "failed" },
  timeout: { type: "timeout", again: false, next: true, health: "failed" },
  /** Asked again only where the upstream names a wait of seconds. */
  throttled: { type: "rate_limit_exceeded", again: true, next: true, health: "throttled" },
  overloaded: { type: "provider_overloaded", again: true, next: true, health: "failed" },
  server: { type: "provider_unavailable", again: true, next: true, health: "failed" },
  malformed: { type: "provider_unavailable", again: false, next: true, health: "failed" },
  /** The operator's key was refused, or has no money left: the caller learns only that this provider is out. */
  credential: { type: "provider_unavailable", again: false, next: true, health: "out" },
  /** The upstream does not know the model name we sent: ours to mend. */
  misconfigured: { type: "provider_unavailable", again: false, next: true, health: "out" },
  context_length: { type: "context_length_exceeded", again: false, next: true, health: "none" },
  too_large: { type: "payload_too_large", again: false, next: true, health: "none" },
  unsupported_parameter: { type: "invalid_request", again: false, next: true, health: "none" },
  moderation: { type: "content_policy_violation", again: false, next: false, health: "none" },
  invalid_request: { type: "invalid_request", again: false, next: false, health: "none" },
} as const satisfies Record<string, { type: ErrorType; again: boolean; next: boolean; health: HealthEffect }>;

export type ProviderFailure = keyof typeof failures;

/** An upstream refused or broke. The message names the provider; `raw` is its own words, already redacted. */
export class ProviderError extends AppError {
  override name = "ProviderError";

  constructor(
    readonly provider: string,
    readonly failure: ProviderFailure,
    message: string,
    details: { upstreamStatus?: number; raw?: string; phase?: Phase; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(failures[failure].type, message, {
      metadata: {
        provider_name: provider,
        provider_code: details.upstreamStatus,
        raw: details.raw,
        failure,
        phase: details.phase,
        retryable: failures[failure].next,
      },
      retryAfter: details.retryAfter,
      cause: details.cause,
    });
  }

  /** Whether the same endpoint may be asked once more. */
  get tryAgain(): boolean {
    return failures[this.failure].again;
  }

  /** Whether another endpoint may answer where this one failed. */
  get tryNext(): boolean {
    return failures[this.failure].next;
  }

  /** What it says of the endpoint's health. */
  get health(): HealthEffect {
    return failures[this.failure].health;
  }

  get phase(): Phase | undefined {
    return this.metadata.phase as Phase | undefined;
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
