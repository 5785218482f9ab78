import type { Endpoint } from "@/lib/models/catalogue";
import type { ReasoningDetail, ReasoningFormat } from "@/lib/protocol/chat-chunk";
import type { ChatRequest } from "@/lib/protocol/chat-request";

/** What each wire format signs its reasoning as, and can read again; OpenAI's chat dialect signs nothing. */
const SIGNED_AS: Record<string, ReasoningFormat | undefined> = {
  anthropic: "anthropic-claude-v1",
  google: "google-gemini-v1",
  "openai-responses": "openai-responses-v1",
};

/**
 * Whether an endpoint can go on with the reasoning that was signed last in the conversation: others are sent the
 * conversation without it. Undefined where nothing was signed.
 */
export function signatureReader({ messages }: ChatRequest): ((endpoint: Endpoint) => boolean) | undefined {
  const signed = messages.flatMap((message) => (message.role === "assistant" ? (message.reasoning_details ?? []) : []));
  const format = (signed as unknown as ReasoningDetail[]).findLast(isSigned)?.format;
  if (!format || !Object.values(SIGNED_AS).includes(format)) return undefined;
  return ({ wire, provider }) => SIGNED_AS[wire ?? provider.kind] === format;
}

const isSigned = (detail: ReasoningDetail) =>
  detail.type === "reasoning.encrypted" || (detail.type === "reasoning.text" && Boolean(detail.signature));
