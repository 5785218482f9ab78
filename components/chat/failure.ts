import type { Failure } from "./chat";

/** The API's answer when it has no other. */
export type ErrorEnvelope = {
  error: { code: number; message: string; metadata?: { error_type?: string; provider_name?: string } | null };
};

export function toFailure({ error }: ErrorEnvelope, provider?: string, retryAfter?: number): Failure {
  return {
    status: error.code,
    type: error.metadata?.error_type ?? "server",
    message: error.message,
    provider: error.metadata?.provider_name ?? provider,
    retryAfter,
  };
}

export const unreachable = (): Failure => ({ status: 0, type: "unreachable", message: "" });

/** The stream ended before its last event. */
export const brokenOff = (provider?: string): Failure => ({ status: 0, type: "broken_off", message: "", provider });

/** An answer that did not come whole and did not come as the API's envelope: something between here and the server wrote it. */
export const foreignAnswer = (status: number): Failure => ({ status, type: "server", message: "" });

export type Remedy = "credits" | "sign-in" | "retry" | "none";

/** A failure in plain words, and what can be done about it. */
export function explainFailure(failure: Failure): { text: string; remedy: Remedy } {
  const { status, type, message, provider, retryAfter } = failure;
  const who = provider ?? "The provider";
  if (type === "unreachable")
    return { text: "The server could not be reached. Check the connection, then try again.", remedy: "retry" };
  if (type === "broken_off")
    return { text: "The answer broke off. What had come is kept; only that is charged.", remedy: "retry" };
  if (status === 402)
    return {
      text: "There are not enough credits for this request. Add credits, or lower the maximum of tokens.",
      remedy: "credits",
    };
  if (status === 401) return { text: "You are signed out. Sign in again; this chat is kept.", remedy: "sign-in" };
  if (status === 429)
    return {
      text: retryAfter
        ? `Too many requests. Wait ${seconds(retryAfter)}, then try again.`
        : "Too many requests. Wait a moment, then try again.",
      remedy: "retry",
    };
  if (type === "content_policy_violation")
    return { text: `${who} refused this content. ${message}`.trim(), remedy: "none" };
  if (type === "context_length_exceeded")
    return {
      text: "This conversation is longer than the model can read. Delete messages, or start a new chat.",
      remedy: "none",
    };
  if (status === 413)
    return { text: "This request is too large to be sent. Remove attachments, or start a new chat.", remedy: "none" };
  if (status === 404) return { text: message || "No provider serves this model now. Choose another.", remedy: "retry" };
  if (status >= 500 || status === 0)
    return {
      text:
        message && provider && message.includes(provider)
          ? message
          : `${provider ?? "The request"} failed. ${message}`.trim(),
      remedy: "retry",
    };
  return { text: message || `The request was refused (${status}).`, remedy: "none" };
}

const seconds = (count: number) => (count === 1 ? "1 second" : `${Math.ceil(count)} seconds`);
