import type { OfferedModel } from "./offer";

export type Features = { images: boolean; tools: boolean; reasoning: boolean };

const LENGTH = ["max_tokens", "max_completion_tokens"];
const SAMPLING = ["temperature", "top_p", "top_k"];
const PENALTIES = ["frequency_penalty", "presence_penalty"];
const LOGPROBS = ["logprobs", "top_logprobs"];
const TOOLS = ["tools", "tool_choice"];
const FORMAT = ["response_format", "structured_outputs"];
const REASONING = ["reasoning", "reasoning_effort", "include_reasoning"];

/** What each provider's models take, beside lengths and reasoning. A parameter that a provider refuses is not here. */
const byProvider: Record<string, string[]> = {
  openai: ["temperature", "top_p", "stop", "seed", "logit_bias", ...PENALTIES, ...LOGPROBS, ...FORMAT, ...TOOLS],
  anthropic: [...SAMPLING, "stop", ...FORMAT, ...TOOLS],
  "google-ai-studio": [...SAMPLING, "stop", "seed", ...FORMAT, ...TOOLS],
  avian: ["temperature", "top_p", "stop", "response_format", ...TOOLS],
  baseten: [...SAMPLING, "stop", "seed", ...PENALTIES, ...FORMAT, ...TOOLS],
  cerebras: ["temperature", "top_p", "stop", "seed", ...LOGPROBS, ...FORMAT, ...TOOLS],
  cohere: ["temperature", "top_p", "stop", "seed", ...PENALTIES, ...FORMAT, "tools"],
  deepseek: ["temperature", "top_p", "stop", ...PENALTIES, ...LOGPROBS, "response_format", ...TOOLS],
  fireworks: [...SAMPLING, "min_p", "repetition_penalty", "stop", ...PENALTIES, "logit_bias", ...FORMAT, ...TOOLS],
  groq: ["temperature", "top_p", "stop", "seed", ...FORMAT, ...TOOLS],
  minimax: ["temperature", "top_p", ...TOOLS],
  mistral: ["temperature", "top_p", "stop", ...PENALTIES, ...FORMAT, ...TOOLS],
  moonshotai: ["stop", "response_format", ...TOOLS],
  novita: [...SAMPLING, "min_p", "repetition_penalty", "stop", "seed", ...PENALTIES, "response_format", ...TOOLS],
  perplexity: [...SAMPLING, ...PENALTIES, ...FORMAT, "web_search_options"],
  together: [...SAMPLING, "min_p", "repetition_penalty", "stop", "seed", ...PENALTIES, ...FORMAT, ...TOOLS],
  xai: ["temperature", "top_p", "seed", ...FORMAT, ...TOOLS],
  "z-ai": ["temperature", "top_p", "stop", "response_format", ...TOOLS],
};
const PARALLEL_TOOLS = new Set(["openai", "anthropic", "mistral", "cerebras", "groq"]);

/** OpenAI's reasoning models refuse what steers sampling. */
const REFUSED_BY_OPENAI_REASONING = ["temperature", "top_p", "stop", "logit_bias", ...PENALTIES, ...LOGPROBS];

/** What the endpoint takes, in alphabetical order; of embeddings, only what the model says itself. */
export function supportedParameters(provider: string, model: OfferedModel, features: Features): string[] {
  const usual = byProvider[provider];
  if (!usual) throw new Error(`what ${provider} takes is not known`);
  if (model.outputs === "embeddings") return [...(model.with ?? [])].sort();
  const taken = new Set([...LENGTH, ...usual, ...(model.with ?? [])]);
  if (PARALLEL_TOOLS.has(provider)) taken.add("parallel_tool_calls");
  if (features.reasoning) for (const name of REASONING) taken.add(name);
  for (const name of refused(provider, model, features)) taken.delete(name);
  return [...taken].sort();
}

function refused(provider: string, model: OfferedModel, features: Features): string[] {
  return [
    ...(model.without ?? []),
    ...(model.fixedSampling ? SAMPLING : []),
    ...(features.tools ? [] : [...TOOLS, "parallel_tool_calls"]),
    ...(features.reasoning && provider === "openai" ? REFUSED_BY_OPENAI_REASONING : []),
  ];
}
