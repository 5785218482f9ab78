import { type ThinkingConfig, ThinkingLevel } from "@google/genai";
import type { ProviderCall } from "../adapter";
import { budgetOf, type Effort, effortOf, thinking } from "../reasoning";

/** The family's number: 2.5 for `gemini-2.5-flash`, 3 for `gemini-3-pro-preview`; the newest for a name without one. */
export function versionOf(model: string): number {
  const found = /gemini-(\d+(?:\.\d+)?)/.exec(model);
  return found ? Number(found[1]) : Number.POSITIVE_INFINITY;
}

/** Gemini is told a level since 3, and a number of tokens before. */
export function toThinkingConfig({
  request,
  upstreamModel,
  maxOutputTokens,
}: ProviderCall): ThinkingConfig | undefined {
  const wish = thinking(request);
  const hasLevels = versionOf(upstreamModel) >= 3;
  if (!wish.wanted) {
    if (!wish.refused) return wish.shown ? { includeThoughts: true } : undefined;
    return hasLevels ? { thinkingLevel: ThinkingLevel.MINIMAL } : { thinkingBudget: 0 };
  }
  const { effort, tokens, shown } = wish;
  if (hasLevels) {
    const wanted = effort ?? effortOf(tokens ?? maxOutputTokens / 2, maxOutputTokens);
    return { includeThoughts: shown, thinkingLevel: toLevel(wanted, upstreamModel) };
  }
  const budget = tokens ?? budgetOf(effort ?? "medium", maxOutputTokens);
  const [least, most] = budgetRange(upstreamModel);
  return { includeThoughts: shown, thinkingBudget: Math.min(Math.max(budget, least), most) };
}

const levels: Record<Effort, ThinkingLevel> = {
  minimal: ThinkingLevel.MINIMAL,
  low: ThinkingLevel.LOW,
  medium: ThinkingLevel.MEDIUM,
  high: ThinkingLevel.HIGH,
  xhigh: ThinkingLevel.HIGH,
  max: ThinkingLevel.HIGH,
};

/** The Pro models think at least a little. */
const toLevel = (effort: Effort, model: string) =>
  effort === "minimal" && model.includes("pro") ? ThinkingLevel.LOW : levels[effort];

function budgetRange(model: string): [least: number, most: number] {
  if (model.includes("pro")) return [128, 32_768];
  return model.includes("lite") ? [512, 24_576] : [1, 24_576];
}
