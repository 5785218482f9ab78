import type { Reasoning, ReasoningEffort } from "openai/resources/shared";
import type { ProviderCall } from "../adapter";
import { type Effort, effortOf, thinking } from "../reasoning";

/** Models that do not think refuse whatever is said about reasoning, and its encrypted content too. */
export function mayThink({ mayThink, upstreamModel }: Pick<ProviderCall, "mayThink" | "upstreamModel">): boolean {
  return mayThink ?? !((versionOf(upstreamModel) ?? 5) < 5 || /chatgpt|gpt-5-chat/.test(upstreamModel));
}

/** What to say of reasoning; undefined where the model's own habit decides and nobody wants to see it. */
export function toReasoning({ request, upstreamModel, maxOutputTokens }: ProviderCall): Reasoning | undefined {
  const wish = thinking(request);
  if (!wish.wanted && wish.refused) return { effort: "none" };
  const reasoning: Reasoning = {};
  if (wish.wanted) {
    const effort = wish.effort ?? effortOf(wish.tokens ?? maxOutputTokens / 2, maxOutputTokens);
    reasoning.effort = nearest(effort, upstreamModel);
  }
  if (wish.shown) reasoning.summary = toSummary(request.reasoning?.summary);
  return reasoning.effort || reasoning.summary ? reasoning : undefined;
}

const toSummary = (wish: unknown) => (wish === "concise" || wish === "detailed" ? wish : "auto");

const ladder: Effort[] = ["minimal", "low", "medium", "high", "xhigh", "max"];

/** The effort next to the wanted one that the model knows. A model that we do not know is told what was wanted. */
function nearest(effort: Effort, model: string): ReasoningEffort {
  const range = effortsOf(model);
  if (!range) return effort;
  const [least, most] = range.map((one) => ladder.indexOf(one)) as [number, number];
  return ladder[Math.min(Math.max(ladder.indexOf(effort), least), most)] ?? effort;
}

function effortsOf(model: string): [least: Effort, most: Effort] | undefined {
  if (/^o\d/.test(model)) return ["low", "high"];
  const version = versionOf(model);
  if (version === undefined) return undefined;
  if (model.includes("-chat")) return ["medium", "medium"];
  const most = mostOf(version, model);
  if (model.includes("-pro")) return [version === 5 ? "high" : "medium", most];
  return [version === 5 && !model.includes("codex") ? "minimal" : "low", most];
}

function mostOf(version: number, model: string): Effort {
  if (version >= 5.6) return "max";
  return version >= 5.2 || model.includes("codex-max") ? "xhigh" : "high";
}

/** 5.4 for `gpt-5.4-mini`; undefined for names that have none, such as `o3`. */
function versionOf(model: string): number | undefined {
  const found = /^(?:ft:)?gpt-(\d+(?:\.\d+)?)/.exec(model);
  return found ? Number(found[1]) : undefined;
}
