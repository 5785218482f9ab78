import type { ProviderCall } from "../adapter";
import { type Effort, effortOf, thinking } from "../reasoning";

type Level = Effort | "none";

/** How much the model shall think, in a word that it knows; undefined where the caller says nothing of it. */
export function toEffort({ request, upstreamModel, maxOutputTokens }: ProviderCall): string | undefined {
  const wish = thinking(request);
  if (!wish.wanted) return wish.refused ? nearest("none", upstreamModel) : undefined;
  const effort = wish.effort ?? (wish.tokens ? effortOf(wish.tokens, maxOutputTokens) : undefined);
  return effort && nearest(effort, upstreamModel);
}

const order: Level[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

/** OpenAI refuses an effort that a model does not know; other servers pass over it. */
const known: [model: RegExp, levels: Level[]][] = [
  [/^o\d|(?:^|\/)gpt-oss/, ["low", "medium", "high"]],
  [/^gpt-5-pro/, ["high"]],
  [/^gpt-5(?:-mini|-nano|-\d{4}|$)/, ["minimal", "low", "medium", "high"]],
  [/^gpt-5\.1-codex-max/, ["none", "low", "medium", "high", "xhigh"]],
  [/^gpt-5\.1/, ["none", "low", "medium", "high"]],
  [/^gpt-5\.[2-5]/, ["none", "low", "medium", "high", "xhigh"]],
];

/** The effort itself, or the next above it, or the highest. */
function nearest(effort: Level, model: string): Level {
  const levels = known.find(([pattern]) => pattern.test(model))?.[1];
  if (!levels || levels.includes(effort)) return effort;
  const at = order.indexOf(effort);
  return levels.find((level) => order.indexOf(level) > at) ?? (levels.at(-1) as Level);
}
