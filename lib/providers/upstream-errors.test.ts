import { describe, expect, test } from "vitest";
import { type ProviderFailure, toErrorBody } from "@/lib/errors";
import { providerError } from "./failure";
import type { Fault } from "./upstream-fault";

const upstream = { provider: "Acme", apiKey: "sk-0123456789abcdefWXYZ" };

/** What an upstream answers, and what becomes of it: whether its own words are told, and when to come back. */
type Row = {
  status: number;
  body: unknown;
  retryAfter?: string;
  becomes: [failure: ProviderFailure, status: number, message: string, seconds?: number];
};

const openAi = (message: string, type: string, code: string | null = null, param: string | null = null) => ({
  error: { message, type, param, code },
});
const anthropic = (type: string, message: string) => ({ type: "error", error: { type, message }, request_id: "req_1" });
const google = (code: number, status: string, message: string, details: object[] = []) => ({
  error: { code, message, status, details },
});
const elsewhere = "Try again later, or allow another provider.";

const rows: Record<string, Row> = {
  "OpenAI: an unsupported value": {
    status: 400,
    body: openAi(
      "Unsupported value: 'temperature' does not support 0.5 with this model.",
      "invalid_request_error",
      "unsupported_value",
      "temperature",
    ),
    becomes: [
      "invalid_request",
      400,
      "Acme refused the request (400): Unsupported value: 'temperature' does not support 0.5 with this model.",
    ],
  },
  "OpenAI: a schema": {
    status: 400,
    body: openAi(
      "Invalid schema for response_format 'x': 'additionalProperties' is required to be supplied and to be false.",
      "invalid_request_error",
      null,
      "response_format",
    ),
    becomes: [
      "invalid_request",
      400,
      "Acme refused the request (400): Invalid schema for response_format 'x': 'additionalProperties' is required to be supplied and to be false.",
    ],
  },
  "OpenAI: too many tokens a minute": {
    status: 429,
    body: openAi(
      "Rate limit reached for gpt-5 in organization org-1 on tokens per min (TPM)",
      "tokens",
      "rate_limit_exceeded",
    ),
    retryAfter: "7",
    becomes: ["throttled", 429, `Acme is limiting the rate of requests (429). ${elsewhere}`, 7],
  },
  "OpenAI: slow down": {
    status: 503,
    body: openAi("The server is overloaded or not ready yet.", "server_error", "slow_down"),
    retryAfter: "2",
    becomes: ["overloaded", 503, `Acme is overloaded (503). ${elsewhere}`, 2],
  },
  "Anthropic: a block without text": {
    status: 400,
    body: anthropic("invalid_request_error", "messages: text content blocks must be non-empty"),
    becomes: [
      "invalid_request",
      400,
      "Acme refused the request (400): messages: text content blocks must be non-empty",
    ],
  },
  "Anthropic: output blocked": {
    status: 400,
    body: anthropic("invalid_request_error", "Output blocked by content filtering policy"),
    becomes: [
      "moderation",
      403,
      "Acme refused the content of the request (400): Output blocked by content filtering policy",
    ],
  },
  "Anthropic: no room for the answer": {
    status: 400,
    body: anthropic(
      "invalid_request_error",
      "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000",
    ),
    becomes: [
      "context_length",
      400,
      "The request is too long for the model at Acme (400): input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000",
    ],
  },
  "Anthropic: timeout": {
    status: 504,
    body: anthropic("timeout_error", "Request timed out"),
    becomes: ["server", 502, `Acme failed on its side (504). ${elsewhere}`],
  },
  "Gemini: an argument": {
    status: 400,
    body: google(400, "INVALID_ARGUMENT", "Please ensure that function call turn comes immediately after a user turn."),
    becomes: [
      "invalid_request",
      400,
      "Acme refused the request (400): Please ensure that function call turn comes immediately after a user turn.",
    ],
  },
  "Gemini: quota": {
    status: 429,
    body: google(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.", [
      { "@type": "type.googleapis.com/google.rpc.QuotaFailure", violations: [] },
      { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "38.4s" },
    ]),
    becomes: ["throttled", 429, `Acme is limiting the rate of requests (429). ${elsewhere}`, 39],
  },
  "Gemini: internal": {
    status: 500,
    body: google(500, "INTERNAL", "An internal error has occurred."),
    becomes: ["server", 502, `Acme failed on its side (500). ${elsewhere}`],
  },
  "vLLM: a bad request": {
    status: 400,
    body: openAi("1 validation error for ValidatorIterator", "BadRequestError"),
    becomes: ["invalid_request", 400, "Acme refused the request (400): 1 validation error for ValidatorIterator"],
  },
  "vLLM, older: no such model": {
    status: 404,
    body: { object: "error", message: "The model `x` does not exist.", type: "NotFoundError", param: null, code: 404 },
    becomes: [
      "misconfigured",
      502,
      "Acme does not know the model by the name that this server has for it (404). Allow another provider, or tell the operator.",
    ],
  },
  "llama.cpp: too long": {
    status: 400,
    body: {
      error: {
        code: 400,
        message: "the request exceeds the available context size, try increasing it",
        type: "exceed_context_size_error",
      },
    },
    becomes: [
      "context_length",
      400,
      "The request is too long for the model at Acme (400): the request exceeds the available context size, try increasing it",
    ],
  },
  "TGI: too long": {
    status: 422,
    body: {
      error: "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096.",
      error_type: "validation",
    },
    becomes: [
      "context_length",
      400,
      "The request is too long for the model at Acme (422): Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096.",
    ],
  },
  "Groq: a call that is none": {
    status: 400,
    body: openAi("Failed to call a function.", "invalid_request_error", "tool_use_failed"),
    becomes: ["invalid_request", 400, "Acme refused the request (400): Failed to call a function."],
  },
  "Groq: no room": {
    status: 498,
    body: openAi("Flex tier capacity exceeded.", "flex", "capacity_exceeded"),
    becomes: ["server", 502, `Acme failed on its side (498). ${elsewhere}`],
  },
  "Mistral: a list of faults": {
    status: 422,
    body: {
      object: "error",
      message: { detail: [{ type: "extra_forbidden", loc: ["body", "x"], msg: "Extra inputs are not permitted" }] },
      type: "invalid_request_error",
      code: null,
    },
    becomes: ["invalid_request", 400, "Acme refused the request (422): Extra inputs are not permitted"],
  },
  "DeepSeek: no money": {
    status: 402,
    body: openAi("Insufficient Balance", "unknown_error", "invalid_request_error"),
    becomes: [
      "credential",
      502,
      "Acme cannot be used through this server at present. Allow another provider, or tell the operator.",
    ],
  },
  "xAI: a key": {
    status: 400,
    body: { code: "Client specified an invalid argument", error: "Incorrect API key provided: xa***YZ." },
    becomes: [
      "credential",
      502,
      "Acme cannot be used through this server at present. Allow another provider, or tell the operator.",
    ],
  },
  "xAI: content": {
    status: 403,
    body: {
      code: "The caller does not have permission to execute the specified operation",
      error: "Content violates usage guidelines.",
    },
    becomes: ["moderation", 403, "Acme refused the content of the request (403): Content violates usage guidelines."],
  },
  "Cerebras: rate": {
    status: 429,
    body: {
      message: "Tokens per minute limit exceeded",
      type: "too_many_tokens_error",
      param: "quota",
      code: "token_quota_exceeded",
    },
    retryAfter: "900",
    becomes: ["throttled", 429, `Acme is limiting the rate of requests (429). ${elsewhere}`, 60],
  },
  "Ollama: no such model": {
    status: 404,
    body: { error: "model 'x' not found" },
    becomes: [
      "misconfigured",
      502,
      "Acme does not know the model by the name that this server has for it (404). Allow another provider, or tell the operator.",
    ],
  },
  "nothing at all": { status: 400, body: "", becomes: ["invalid_request", 400, "Acme refused the request (400)."] },
};

const faultOf = ({ status, body, retryAfter }: Row): Fault => ({
  kind: "refused",
  status,
  body: typeof body === "string" ? body : JSON.stringify(body),
  retryAfter,
});

test.each(Object.entries(rows))("%s", (_, row) => {
  const error = providerError(upstream, faultOf(row), "acme/model");
  const [failure, status, message, seconds] = row.becomes;
  expect(error).toMatchObject({ failure, status, message });
  expect(error.retryAfter).toBe(seconds);
});

describe("a refusal of content", () => {
  const refusal = (body: unknown, status = 400) =>
    providerError(upstream, { kind: "refused", status, body: JSON.stringify(body) }, "acme/model");

  test("has OpenRouter's metadata of a moderation", () => {
    const body = openAi(
      "Your request was rejected by the safety system",
      "invalid_request_error",
      "content_policy_violation",
    );
    expect(toErrorBody(refusal(body)).error).toMatchObject({
      code: 403,
      metadata: {
        error_type: "content_policy_violation",
        reasons: ["content_policy_violation"],
        provider_name: "Acme",
        model_slug: "acme/model",
      },
    });
    expect(refusal(body).metadata).not.toHaveProperty("flagged_input");
  });

  test("has the categories of Azure's filter that struck", () => {
    const content_filter_result = {
      ...{ hate: { filtered: false, severity: "safe" }, jailbreak: { filtered: true, detected: true } },
      ...{ violence: { filtered: true, severity: "high" } },
    };
    const error = { message: "The response was filtered", code: "content_filter", status: 400 };
    const innererror = { code: "ResponsibleAIPolicyViolation", content_filter_result };
    expect(refusal({ error: { ...error, innererror } }).metadata.reasons).toEqual([
      "jailbreak",
      "violence",
      "content_filter",
    ]);
    expect(refusal({ error: { ...error, content_filter_result } }).metadata.reasons).toEqual([
      "jailbreak",
      "violence",
      "content_filter",
    ]);
  });

  test("has what a gateway told of its own, shortened and without the key", () => {
    const flagged = `${"a".repeat(80)}${upstream.apiKey}${"b".repeat(80)}`;
    const metadata = { reasons: ["violence", 7, upstream.apiKey], flagged_input: flagged };
    const told = refusal({ error: { code: 403, message: "The input was flagged", metadata } }, 403).metadata;
    expect(told.reasons).toEqual(["violence", "[redacted]"]);
    expect(told.flagged_input).toBe(`${"a".repeat(48)}...${"b".repeat(48)}`);
    const short = { reasons: [], flagged_input: "short" };
    expect(refusal({ error: { message: "flagged", metadata: short } }, 403).metadata.flagged_input).toBe("short");
  });

  test("told in a stream is the same", () => {
    const error = { error: { code: "content_filter", message: "The response was filtered" } };
    expect(providerError(upstream, { kind: "reported", error }, "acme/model").metadata).toMatchObject({
      reasons: ["content_filter"],
      model_slug: "acme/model",
    });
  });

  test("is the only failure with any of it", () => {
    const { metadata } = providerError(upstream, { kind: "refused", status: 400, body: "{}" }, "acme/model");
    for (const name of ["reasons", "flagged_input", "model_slug"]) expect(metadata).not.toHaveProperty(name);
  });
});
