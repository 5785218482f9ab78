/** Makers whose terms of service forbid to train competing models on what theirs write. */
const FORBIDDING = new Set(["anthropic", "google", "openai", "perplexity", "x-ai"]);

/** Models whose licence permits it: MIT, Apache 2.0, or Llama's, which asks for its name in the new model's. */
const PERMITTED = new Set([
  "deepseek/deepseek-chat-v3-0324",
  "deepseek/deepseek-r1-0528",
  "deepseek/deepseek-v3.2",
  "meta-llama/llama-3.1-8b-instruct",
  "meta-llama/llama-3.3-70b-instruct",
  "meta-llama/llama-4-maverick",
  "openai/gpt-oss-120b",
  "openai/gpt-oss-20b",
  "qwen/qwen3-235b-a22b-2507",
  "qwen/qwen3-coder",
]);

/** Under terms of their own, which a lawyer would have to read. */
const UNCLEAR = new Set(["google/gemma-4-31b-it"]);

/** Whether a model's maker lets other models be trained on what it writes; null where we do not know. */
export function isDistillable(slug: string): boolean | null {
  if (PERMITTED.has(slug)) return true;
  if (UNCLEAR.has(slug)) return null;
  return FORBIDDING.has(slug.slice(0, slug.indexOf("/"))) ? false : null;
}
