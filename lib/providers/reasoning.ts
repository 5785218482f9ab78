import type { ChatRequest } from "@/lib/protocol/chat-request";

export type Effort = "max" | "xhigh" | "high" | "medium" | "low" | "minimal";

export type Thinking =
  | { wanted: true; effort?: Effort; tokens?: number; shown: boolean }
  /**
   * `refused`: the caller said no; without it he said nothing, and the model's own habit decides. `shown`: if the
   * model thinks by habit, he wants to see it.
   */
  | { wanted: false; refused: boolean; shown: boolean };

/** What a request says of reasoning, in any of the forms that OpenRouter takes. */
export function thinking({ reasoning, reasoning_effort, include_reasoning }: ChatRequest): Thinking {
  const effort = reasoning?.effort ?? reasoning_effort ?? undefined;
  const tokens = reasoning?.max_tokens ?? undefined;
  if (effort === "none" || reasoning?.enabled === false) return { wanted: false, refused: true, shown: false };
  const shown = reasoning?.exclude !== true && include_reasoning !== false;
  if (effort) return { wanted: true, effort, tokens, shown };
  if (tokens) return { wanted: true, tokens, shown };
  if (reasoning?.enabled) return { wanted: true, effort: "medium", shown };
  return { wanted: false, refused: false, shown: shown && (include_reasoning === true || reasoning != null) };
}

/** The share of an answer's tokens that an effort may spend on reasoning. */
const shares: Record<Effort, number> = { max: 0.95, xhigh: 0.95, high: 0.8, medium: 0.5, low: 0.2, minimal: 0.1 };

export const budgetOf = (effort: Effort, maxTokens: number) => Math.floor(maxTokens * shares[effort]);

/** The effort whose share comes next to so many tokens, for a model that knows efforts only. */
export function effortOf(tokens: number, maxTokens: number): Effort {
  const share = tokens / maxTokens;
  if (share > 0.875) return "xhigh";
  if (share > 0.65) return "high";
  if (share > 0.35) return "medium";
  return share > 0.15 ? "low" : "minimal";
}
