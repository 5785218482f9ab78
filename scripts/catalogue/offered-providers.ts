import type { CatalogueModel } from "@/db/catalogue";
import type { OfferedProvider } from "./offer";

type OpenAiCompatible = [slug: string, name: string, baseUrl: string, priceSource?: string, company?: string];

const openAiCompatible: OpenAiCompatible[] = [
  ["avian", "Avian", "https://api.avian.io/v1"],
  ["baseten", "BaseTen", "https://inference.baseten.co/v1"],
  ["cerebras", "Cerebras", "https://api.cerebras.ai/v1"],
  ["cohere", "Cohere", "https://api.cohere.ai/compatibility/v1", "cohere", "cohere"],
  ["deepseek", "DeepSeek", "https://api.deepseek.com", "deepseek", "deepseek"],
  ["fireworks", "Fireworks", "https://api.fireworks.ai/inference/v1"],
  ["groq", "Groq", "https://api.groq.com/openai/v1"],
  ["minimax", "Minimax", "https://api.minimax.io/v1", "minimax", "minimax"],
  ["mistral", "Mistral", "https://api.mistral.ai/v1", "mistral", "mistralai"],
  ["moonshotai", "Moonshot AI", "https://api.moonshot.ai/v1", "moonshotai", "moonshotai"],
  ["novita", "Novita", "https://api.novita.ai/v3/openai"],
  ["perplexity", "Perplexity", "https://api.perplexity.ai", "perplexity", "perplexity"],
  ["together", "Together", "https://api.together.xyz/v1"],
  ["xai", "xAI", "https://api.x.ai/v1", "x-ai", "x-ai"],
  ["z-ai", "Z.AI", "https://api.z.ai/api/paas/v4", "zai", "z-ai"],
];

/** Slugs and names are OpenRouter's, so that a caller's provider preferences mean the same here. */
export const offeredProviders: OfferedProvider[] = [
  { slug: "openai", name: "OpenAI", kind: "openai", baseUrl: null, priceSource: "openai", company: "openai" },
  {
    slug: "anthropic",
    name: "Anthropic",
    kind: "anthropic",
    baseUrl: null,
    priceSource: "anthropic",
    company: "anthropic",
  },
  {
    slug: "google-ai-studio",
    name: "Google AI Studio",
    kind: "google",
    baseUrl: null,
    priceSource: "google",
    company: "google",
  },
  ...openAiCompatible.map(
    ([slug, name, baseUrl, priceSource = slug, company]): OfferedProvider => ({
      slug,
      name,
      kind: "openai",
      baseUrl,
      priceSource,
      company,
    }),
  ),
];

type Company = { name: string; tokenizer: CatalogueModel["tokenizer"] };

/** By the part of a model's slug before the stroke. */
export const companies: Record<string, Company> = {
  anthropic: { name: "Anthropic", tokenizer: "Claude" },
  cohere: { name: "Cohere", tokenizer: "Other" },
  deepseek: { name: "DeepSeek", tokenizer: "DeepSeek" },
  google: { name: "Google", tokenizer: "Gemini" },
  "meta-llama": { name: "Meta", tokenizer: "Llama3" },
  minimax: { name: "MiniMax", tokenizer: "Other" },
  mistralai: { name: "Mistral", tokenizer: "Mistral" },
  moonshotai: { name: "MoonshotAI", tokenizer: "Other" },
  nvidia: { name: "NVIDIA", tokenizer: "Other" },
  openai: { name: "OpenAI", tokenizer: "GPT" },
  perplexity: { name: "Perplexity", tokenizer: "Other" },
  qwen: { name: "Qwen", tokenizer: "Qwen" },
  "x-ai": { name: "xAI", tokenizer: "Other" },
  "z-ai": { name: "Z.ai", tokenizer: "Other" },
};
