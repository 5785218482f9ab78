import type { CatalogueProvider } from "@/db/catalogue";

type DataPolicy = Pick<CatalogueProvider, "trainsOnPrompts" | "retainsPrompts">;

const unknown: DataPolicy = { trainsOnPrompts: null, retainsPrompts: null };

/**
 * What providers say in public of prompts that come through their API by default, read in November 2026. Where it hangs
 * on the plan or on a setting of the account (Google, Mistral, Together, Groq), or nothing is said plainly, it is null:
 * the operator knows his contract, and says so with `admin provider set`.
 */
const said: Record<string, DataPolicy> = {
  // Kept up to 30 days to find abuse, unless the customer is approved for less.
  openai: { trainsOnPrompts: false, retainsPrompts: true },
  anthropic: { trainsOnPrompts: false, retainsPrompts: true },
  xai: { trainsOnPrompts: false, retainsPrompts: true },
  // Without billing Google trains on what it gets; in both cases it keeps it to find abuse.
  "google-ai-studio": { trainsOnPrompts: null, retainsPrompts: true },
  mistral: { trainsOnPrompts: null, retainsPrompts: true },
  groq: { trainsOnPrompts: false, retainsPrompts: null },
  deepseek: { trainsOnPrompts: true, retainsPrompts: true },
  // In memory alone, while the request runs.
  cerebras: { trainsOnPrompts: false, retainsPrompts: false },
  fireworks: { trainsOnPrompts: false, retainsPrompts: false },
  perplexity: { trainsOnPrompts: false, retainsPrompts: false },
};

export const dataPolicyOf = (provider: string): DataPolicy => said[provider] ?? unknown;
