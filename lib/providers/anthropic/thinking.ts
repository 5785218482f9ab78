import type { OutputConfig, ThinkingConfigParam, ToolChoice } from "@anthropic-ai/sdk/resources/messages";
import type { ProviderCall } from "../adapter";
import { budgetOf, type Effort, effortOf, thinking } from "../reasoning";
import type { Turn } from "./conversation";

export const LEAST_BUDGET = 1_024;
const MOST_BUDGET = 128_000;

type ThinkingRequest = { thinking?: ThinkingConfigParam; effort?: OutputConfig["effort"] };

/** How much Claude shall think: newer models are told an effort, older ones a number of tokens. */
export function toThinking(
  call: ProviderCall,
  messages: readonly Turn[],
  toolChoice: ToolChoice | undefined,
): ThinkingRequest {
  return isAdaptive(call.upstreamModel)
    ? toAdaptive(call)
    : { ...toBudget(call, messages, toolChoice), ...verbosityOf(call) };
}

/** Without thinking the effort still says how much to write, which OpenAI calls verbosity. Opus knows it since 4.5. */
function verbosityOf({ request: { verbosity }, upstreamModel }: ProviderCall): ThinkingRequest {
  const knows = isAdaptive(upstreamModel) || /claude-opus-4[-.]5/.test(upstreamModel);
  return verbosity && knows ? { effort: toEffort(verbosity, upstreamModel) } : {};
}

function toAdaptive(call: ProviderCall): ThinkingRequest {
  const { request, upstreamModel, maxOutputTokens } = call;
  const wish = thinking(request);
  const verbosity = verbosityOf(call);
  if (!wish.wanted) return wish.refused ? { thinking: { type: "disabled" }, ...verbosity } : verbosity;
  const effort = wish.effort ?? effortOf(wish.tokens ?? maxOutputTokens / 2, maxOutputTokens);
  return {
    thinking: { type: "adaptive", display: wish.shown ? "summarized" : "omitted" },
    effort: toEffort(effort, upstreamModel),
  };
}

function toBudget(
  { request, maxOutputTokens }: ProviderCall,
  messages: readonly Turn[],
  toolChoice: ToolChoice | undefined,
): ThinkingRequest {
  const wish = thinking(request);
  if (!wish.wanted) return wish.refused ? { thinking: { type: "disabled" } } : {};
  const budget = budgetFor(wish.effort, wish.tokens, maxOutputTokens);
  if (budget === undefined || !mayThink(messages, toolChoice)) return {};
  return { thinking: { type: "enabled", budget_tokens: budget } };
}

/** Undefined where the answer is too short to leave room for the least that Claude may think. */
function budgetFor(effort: Effort | undefined, tokens: number | undefined, maxTokens: number): number | undefined {
  const wanted = tokens ?? budgetOf(effort ?? "medium", maxTokens);
  const budget = Math.min(Math.max(Math.min(wanted, MOST_BUDGET), LEAST_BUDGET), maxTokens - 1);
  return budget < LEAST_BUDGET ? undefined : budget;
}

/**
 * With a fixed budget Claude refuses to think where it is made to call a tool, where words are put into its mouth,
 * and between a call and its result unless the signed thoughts before the call came back.
 */
export function mayThink(messages: readonly Turn[], toolChoice: ToolChoice | undefined): boolean {
  if (toolChoice?.type === "any" || toolChoice?.type === "tool") return false;
  const last = messages.at(-1);
  if (last?.role === "assistant") return false;
  if (!last?.content.some(({ type }) => type === "tool_result")) return true;
  const first = messages.at(-2)?.content[0]?.type;
  return first === "thinking" || first === "redacted_thinking";
}

/** Claude has decided by itself how long to think since 4.6, and since 4.7 it takes no budget any more. */
function isAdaptive(model: string): boolean {
  if (!/claude/.test(model) || /claude-[123]/.test(model)) return false;
  const [major, minor] = versionOf(model) ?? [Number.POSITIVE_INFINITY, 0];
  return major > 4 || (major === 4 && minor >= 6);
}

function versionOf(model: string): [major: number, minor: number] | undefined {
  const found = /claude-(?:opus|sonnet|haiku)-(\d+)(?:[-.](\d{1,2})(?!\d))?/.exec(model);
  return found ? [Number(found[1]), Number(found[2] ?? 0)] : undefined;
}

function toEffort(effort: Effort, model: string): OutputConfig["effort"] {
  if (effort === "minimal") return "low";
  const [major, minor] = versionOf(model) ?? [5, 0];
  if (major === 4 && minor === 5) return effort === "xhigh" || effort === "max" ? "high" : effort;
  return effort === "xhigh" && major === 4 && minor === 6 ? "high" : effort;
}
