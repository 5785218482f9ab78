import type { ReasoningDetail } from "./chat-chunk";

const CLAUDE = "anthropic-claude-v1";
export const FOREIGN = "openrouter.reasoning:";

/**
 * Anthropic's clients keep a thought's signature and hand it back without looking into it. In the place of Claude's,
 * other models' thoughts carry there what their own upstreams want to see again.
 */
export const sign = (detail: ReasoningDetail): string =>
  FOREIGN + Buffer.from(JSON.stringify(detail)).toString("base64");

/** Whether Claude would not know it for its own. */
export const isForeign = (signature: unknown): boolean =>
  typeof signature !== "string" || signature === "" || signature.startsWith(FOREIGN);

/** A thought that came back, as it was when it went out. */
export function toReasoningDetail(text: string, signature: string | null | undefined): ReasoningDetail {
  const foreign = readForeign(signature);
  if (foreign?.type === "reasoning.summary") return { ...foreign, summary: text };
  if (foreign?.type === "reasoning.text") return { ...foreign, text };
  if (isForeign(signature)) return { type: "reasoning.text", text };
  return { type: "reasoning.text", text, signature, format: CLAUDE };
}

export const toEncryptedDetail = (data: string): ReasoningDetail =>
  readForeign(data) ?? { type: "reasoning.encrypted", data, format: CLAUDE };

export const isClaudes = ({ format }: ReasoningDetail) => format === CLAUDE;

/** Callers can write what they like there: only what has the form is taken. */
function readForeign(signature: string | null | undefined): ReasoningDetail | undefined {
  if (!signature?.startsWith(FOREIGN)) return undefined;
  try {
    const detail = JSON.parse(Buffer.from(signature.slice(FOREIGN.length), "base64").toString("utf8"));
    return typeof detail?.type === "string" && detail.type.startsWith("reasoning.") ? detail : undefined;
  } catch {
    return undefined;
  }
}
