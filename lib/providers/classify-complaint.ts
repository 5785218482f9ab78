import type { ProviderFailure } from "@/lib/errors";
import type { Complaint } from "./upstream-complaint";

/** What a failed call means for the caller, for the next endpoint and for the health of this one. */
export function classify(status: number, { words, message = "" }: Complaint): ProviderFailure {
  const says = (...any: string[]) => any.some((word) => words.has(word));
  if (status < 400) return "malformed";
  if (status === 401 || status === 402 || says(...moneyOut) || (status < 500 && BAD_KEY.test(message)))
    return "credential";
  if (status === 413 || status === 414 || says("request_too_large")) return "too_large";
  if (status === 429) return "throttled";
  if (status === 529 || status === 503 || says("overloaded_error", "overloaded")) return "overloaded";
  if (status >= 500 || transient.has(status)) return "server";
  if (BAD_FILE.test(message)) return "invalid_request";
  if (says("context_length_exceeded") || TOO_LONG.test(message)) return "context_length";
  if (says(...contentWords) || (status < 500 && CONTENT.test(message))) return "moderation";
  if (status === 403 || says("permission_denied", "api_key_invalid")) return "credential";
  if (status === 404 || status === 405 || status === 410 || says("model_not_found", "failed_precondition"))
    return "misconfigured";
  return says("unsupported_parameter") ? "unsupported_parameter" : "invalid_request";
}

/** The words that say why content was refused. */
export const reasonsIn = (words: ReadonlySet<string>) => contentWords.filter((word) => words.has(word));

/** The status that stands behind an error told by its name alone, in the middle of a stream. */
export function statusOfWords(words: ReadonlySet<string>): number | undefined {
  for (const word of words) if (statuses[word]) return statuses[word];
  return undefined;
}

const statuses: Record<string, number | undefined> = {
  invalid_request_error: 400,
  context_length_exceeded: 400,
  content_filter: 400,
  invalid_argument: 400,
  failed_precondition: 400,
  authentication_error: 401,
  unauthenticated: 401,
  billing_error: 402,
  insufficient_quota: 402,
  permission_error: 403,
  permission_denied: 403,
  not_found_error: 404,
  not_found: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  resource_exhausted: 429,
  api_error: 500,
  server_error: 500,
  internal: 500,
  unavailable: 503,
  timeout_error: 504,
  deadline_exceeded: 504,
  overloaded_error: 529,
};

/** 498 is Groq's word for having no room. */
const transient = new Set([408, 409, 425, 498, 499]);

/** Google's `RESOURCE_EXHAUSTED` is not among them: it is the rate limit, whatever its message says of billing. */
const moneyOut = [
  "insufficient_quota",
  "credit_balance_exhausted",
  "insufficient_balance",
  "billing_error",
  "billing_not_active",
  "billing_hard_limit_reached",
  "api_key_invalid",
  "invalid_api_key",
];

// At the beginning only: further in, an upstream may be quoting the caller, who must not be able to put an endpoint out.
const BAD_KEY =
  /^(?:your credit balance is too low|insufficient balance|api key (?:not valid|not found|expired)|(?:invalid|incorrect) api key)/i;
const BAD_FILE =
  /^(?:you do not have permission to access the file|unable to (?:process|fetch|download)|cannot fetch)/i;

const TOO_LONG =
  /maximum context length|context[_ ](?:length|window|limit|size)|max_new_tokens` must be|prompt is too long|input (?:token count|is too long|length)|too many (?:input )?tokens|maximum number of tokens allowed/i;

const contentWords = [
  "content_policy_violation",
  "content_filter",
  "content_policy",
  "moderation_blocked",
  "invalid_prompt",
];

const CONTENT =
  /content[_ -](?:policy|filter)|usage (?:polic|guideline)|flagged|moderation|safety system|violat\w+ (?:our|the) /i;
