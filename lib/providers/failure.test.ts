import { describe, expect, test } from "vitest";
import { AppError, ProviderError, type ProviderFailure, toErrorBody } from "@/lib/errors";
import { failureOf, lateness, providerError } from "./failure";
import { type Fault, UpstreamFault } from "./upstream-fault";

const upstream = { provider: "Anthropic", apiKey: "sk-ant-api03-0123456789abcdef-WXYZ" };

const refused = (status: number, body: unknown, more: Partial<Extract<Fault, { kind: "refused" }>> = {}): Fault => ({
  kind: "refused",
  status,
  body: typeof body === "string" ? body : JSON.stringify(body),
  ...more,
});

const openai = (message: string, code: string | null = null, type = "invalid_request_error") => ({
  error: { message, type, param: null, code },
});
const anthropic = (type: string, message: string) => ({ type: "error", error: { type, message }, request_id: "req_1" });
const google = (code: number, status: string, message: string, details: object[] = []) => ({
  error: { code, message, status, details },
});

const table: [string, Fault, ProviderFailure][] = [
  [
    "OpenAI: rate",
    refused(429, openai("Rate limit reached for gpt-4o", "rate_limit_exceeded", "requests")),
    "throttled",
  ],
  [
    "OpenAI: no money",
    refused(429, openai("You exceeded your current quota", "insufficient_quota", "insufficient_quota")),
    "credential",
  ],
  [
    "OpenAI: hard limit",
    refused(400, openai("Billing hard limit has been reached", "billing_hard_limit_reached")),
    "credential",
  ],
  ["OpenAI: key", refused(401, openai("Incorrect API key provided: sk-ant-***WXYZ", "invalid_api_key")), "credential"],
  [
    "OpenAI: country",
    refused(403, openai("Country not supported", "unsupported_country_region_territory")),
    "credential",
  ],
  ["OpenAI: policy", refused(400, openai("Rejected by our safety system", "content_policy_violation")), "moderation"],
  [
    "OpenAI: flagged prompt",
    refused(400, openai("Invalid prompt: flagged as potentially violating our usage policy", "invalid_prompt")),
    "moderation",
  ],
  ["Azure: filter", refused(400, openai("The response was filtered", "content_filter")), "moderation"],
  ["403 by a moderator", refused(403, openai("Your request was flagged by moderation", null)), "moderation"],
  [
    "OpenAI: too long",
    refused(400, openai("This model's maximum context length is 8192 tokens.", "context_length_exceeded")),
    "context_length",
  ],
  [
    "vLLM: too long",
    refused(400, {
      object: "error",
      message: "This model's maximum context length is 4096 tokens.",
      type: "BadRequestError",
      code: 400,
    }),
    "context_length",
  ],
  [
    "Anthropic: too long",
    refused(400, anthropic("invalid_request_error", "prompt is too long: 200001 tokens > 200000 maximum")),
    "context_length",
  ],
  [
    "Google: too long",
    refused(
      400,
      google(
        400,
        "INVALID_ARGUMENT",
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
      ),
    ),
    "context_length",
  ],
  ["OpenAI: bad parameter", refused(400, openai("Unknown parameter: 'foo'.", "unknown_parameter")), "invalid_request"],
  [
    "OpenAI: a parameter that this model does not take",
    refused(400, openai("Unsupported parameter: 'top_k' is not supported with this model.", "unsupported_parameter")),
    "unsupported_parameter",
  ],
  ["FastAPI: bad body", refused(422, { detail: [{ loc: ["body"], msg: "field required" }] }), "invalid_request"],
  ["415", refused(415, "no"), "invalid_request"],
  ["OpenAI: no model", refused(404, openai("The model `gpt-9` does not exist", "model_not_found")), "misconfigured"],
  ["a 400 that means no model", refused(400, openai("No such model", "model_not_found")), "misconfigured"],
  ["Anthropic: no model", refused(404, anthropic("not_found_error", "model: claude-9")), "misconfigured"],
  ["404 with HTML", refused(404, "<html>Not Found</html>"), "misconfigured"],
  [
    "Anthropic: too large",
    refused(413, anthropic("request_too_large", "Request exceeds the maximum size")),
    "too_large",
  ],
  [
    "Anthropic: rate",
    refused(429, anthropic("rate_limit_error", "This request would exceed your rate limit")),
    "throttled",
  ],
  [
    "Anthropic: no money",
    refused(400, anthropic("invalid_request_error", "Your credit balance is too low to access the Anthropic API.")),
    "credential",
  ],
  ["Anthropic: billing", refused(402, anthropic("billing_error", "Pay")), "credential"],
  ["Anthropic: key", refused(401, anthropic("authentication_error", "invalid x-api-key")), "credential"],
  [
    "Anthropic: permission",
    refused(403, anthropic("permission_error", "Your API key does not have permission")),
    "credential",
  ],
  ["Anthropic: overloaded", refused(529, anthropic("overloaded_error", "Overloaded")), "overloaded"],
  ["Anthropic: internal", refused(500, anthropic("api_error", "Internal server error")), "server"],
  [
    "Google: key",
    refused(
      400,
      google(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [
        { reason: "API_KEY_INVALID" },
      ]),
    ),
    "credential",
  ],
  [
    "Google: permission",
    refused(403, google(403, "PERMISSION_DENIED", "Permission denied: Consumer has been suspended.")),
    "credential",
  ],
  [
    "Google: a file that the caller named",
    refused(
      403,
      google(403, "PERMISSION_DENIED", "You do not have permission to access the File abc or it may not exist."),
    ),
    "invalid_request",
  ],
  [
    "Google: country",
    refused(400, google(400, "FAILED_PRECONDITION", "User location is not supported for the API use.")),
    "misconfigured",
  ],
  [
    "Google: rate, whatever it says of billing",
    refused(
      429,
      google(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota, please check your plan and billing details."),
    ),
    "throttled",
  ],
  ["Google: overloaded", refused(503, google(503, "UNAVAILABLE", "The model is overloaded.")), "overloaded"],
  ["408", refused(408, ""), "server"],
  ["409", refused(409, ""), "server"],
  ["425", refused(425, ""), "server"],
  ["502 with HTML", refused(502, "<html>Bad gateway</html>"), "server"],
  ["504", refused(504, ""), "server"],
  ["520", refused(520, ""), "server"],
  ["a redirect", refused(302, ""), "malformed"],
  ["not JSON", { kind: "malformed", what: "HTML instead of JSON" }, "malformed"],
  ["refused connection", { kind: "transport", code: "ECONNREFUSED", duringAnswer: false }, "transport"],
  ["broken connection", { kind: "transport", code: "ECONNRESET", duringAnswer: true }, "transport"],
  ["connecting", { kind: "late", phase: "connect", milliseconds: 5_000 }, "timeout"],
  ["headers", { kind: "late", phase: "headers", milliseconds: 60_000 }, "timeout"],
  ["silence", { kind: "late", phase: "idle", milliseconds: 60_000 }, "timeout"],
  [
    "in a stream, Anthropic: overloaded",
    { kind: "reported", error: anthropic("overloaded_error", "Overloaded") },
    "overloaded",
  ],
  [
    "in a stream, OpenAI: server",
    { kind: "reported", error: { error: { type: "server_error", message: "The server had an error" } } },
    "server",
  ],
  [
    "in a stream, OpenAI: rate",
    { kind: "reported", error: openai("Slow down", "rate_limit_exceeded", "tokens") },
    "throttled",
  ],
  ["in a stream, Google", { kind: "reported", error: google(503, "UNAVAILABLE", "Overloaded") }, "overloaded"],
  [
    "in a stream, a gateway's own",
    { kind: "reported", error: { error: { code: 502, message: "Upstream died" } } },
    "server",
  ],
  ["in a stream, only text", { kind: "reported", error: { error: "it broke" } }, "server"],
];

describe("a fault", () => {
  test.each(table)("%s", (_, fault, failure) => {
    const error = providerError(upstream, fault);
    expect(error.failure).toBe(failure);
    expect(error.message).toMatch(/^(The request is too (long|large).*)?Anthropic|Anthropic/);
  });

  test("that quotes the caller does not put the endpoint out", () => {
    const quoted = "Invalid value: 'your credit balance is too low'. Incorrect API key? Supported values are: 'auto'.";
    const error = providerError(upstream, refused(400, openai(quoted)));
    expect(error.failure).toBe("invalid_request");
    expect(error.health).toBe("none");
  });
});

describe("what the caller reads", () => {
  test("names the provider, what happened, and what to do", () => {
    const message = (fault: Fault) => providerError(upstream, fault).message;
    expect(message(refused(529, anthropic("overloaded_error", "Overloaded")))).toBe(
      "Anthropic is overloaded (529). Try again later, or allow another provider.",
    );
    expect(message({ kind: "late", phase: "connect", milliseconds: 5_000 })).toBe(
      "Anthropic could not be reached within 5 s.",
    );
    expect(message({ kind: "transport", code: "ECONNRESET", duringAnswer: true })).toBe(
      "Anthropic ended before it was finished with its answer (ECONNRESET).",
    );
  });

  test("has the upstream's own words where he can mend it himself", () => {
    const error = providerError(
      upstream,
      refused(400, anthropic("invalid_request_error", "max_tokens:\u0007 too\nlarge")),
    );
    expect(error.message).toBe("Anthropic refused the request (400): max_tokens: too large");
    expect(error.metadata).toMatchObject({ provider_name: "Anthropic", provider_code: 400, retryable: false });
    expect(error.metadata.raw).toContain("max_tokens:");
    expect(error.status).toBe(400);
  });

  test.each([401, 402, 429, 403, 500, 503, 404])("has none of them with a %s", (status) => {
    const body = openai("org-secret123 has no money", "insufficient_quota");
    const text = JSON.stringify(toErrorBody(providerError(upstream, refused(status, body))));
    expect(text).not.toContain("org-secret123");
  });

  test("does not even have the status where the operator's key is refused", () => {
    const error = providerError(upstream, refused(401, anthropic("authentication_error", "invalid x-api-key")));
    expect(error.metadata.provider_code).toBeUndefined();
    expect(error.message).not.toContain("401");
    expect(error.status).toBe(502);
  });

  test.each(table)("never has the key in it: %s", (_, fault) => {
    const key = upstream.apiKey;
    const echo = `${key} sk-ant-api03-01234...WXYZ Bearer ${key.slice(0, 20)}`;
    const body = JSON.stringify({ error: { message: `prompt is too long ${echo}`, type: echo, code: echo } });
    const leaky: Fault =
      fault.kind === "refused"
        ? { ...fault, body }
        : fault.kind === "reported"
          ? { ...fault, error: JSON.parse(body) }
          : fault;
    const error = providerError(upstream, leaky);
    const everything = JSON.stringify(toErrorBody(error)) + String(error.cause) + error.stack;
    for (const piece of [key, key.slice(0, 20), "api03-01234", "WXYZ"]) expect(everything).not.toContain(piece);
  });

  test("is bounded", () => {
    const error = providerError(upstream, refused(400, openai("漢 ".repeat(20_000))));
    expect(Buffer.byteLength(error.message)).toBeLessThan(1_100);
    expect(Buffer.byteLength(error.metadata.raw as string)).toBeLessThanOrEqual(2_048);
  });

  test("has when to come back", () => {
    const rate = anthropic("rate_limit_error", "slow");
    expect(providerError(upstream, refused(429, rate, { retryAfter: "12" })).retryAfter).toBe(12);
    expect(providerError(upstream, refused(529, rate, { retryAfter: "900" })).retryAfter).toBe(60);
    const google429 = google(429, "RESOURCE_EXHAUSTED", "slow", [{ "@type": "RetryInfo", retryDelay: "21s" }]);
    expect(providerError(upstream, refused(429, google429)).retryAfter).toBe(21);
    expect(providerError(upstream, refused(401, rate, { retryAfter: "12" })).retryAfter).toBeUndefined();
  });
});

test.each(["connect", "headers", "idle"] as const)("a deadline is told with its phase: %s", (phase) => {
  expect(providerError(upstream, { kind: "late", phase, milliseconds: 1 }).metadata.phase).toBe(phase);
});

test.each(["first_token", "total"] as const)("so is one that only the reader of the answer sees: %s", (phase) => {
  expect(lateness("Acme", phase, 1_500)).toMatchObject({ failure: "timeout", status: 504, metadata: { phase } });
  expect(lateness("Acme", phase, 1_500).message).toContain("within 1.5 s");
});

describe("failureOf", () => {
  const running = new AbortController().signal;

  test("finds the fault under what an SDK wraps round it", () => {
    const fault = new UpstreamFault({ kind: "transport", code: "ENOTFOUND", duringAnswer: false });
    const wrapped = new Error("Connection error.", { cause: new TypeError("fetch failed", { cause: fault }) });
    expect(failureOf(upstream, running, wrapped)).toMatchObject({ failure: "transport" });
  });

  test("gives the signal's reason once that is aborted", () => {
    const reason = new AppError("timeout", "too late");
    expect(failureOf(upstream, AbortSignal.abort(reason), new Error("Request was aborted."))).toBe(reason);
  });

  test("leaves errors that are judged, and errors of our own", () => {
    const judged = new ProviderError("X", "server", "broke");
    const own = new TypeError("undefined is not a function");
    expect(failureOf(upstream, running, judged)).toBe(judged);
    expect(failureOf(upstream, running, own)).toBe(own);
  });
});
