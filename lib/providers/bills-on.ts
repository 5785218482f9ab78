/**
 * Providers that go on generating, and charging for it, when their caller hangs up. Taken from OpenRouter's page on
 * stream cancellation; of any other it is assumed that a closed connection ends its work.
 */
const billsOnRegardless: ReadonlySet<string> = new Set([
  "ai21",
  "aion-labs",
  "alibaba",
  "amazon-bedrock",
  "featherless",
  "google-ai-studio",
  "google-vertex",
  "groq",
  "huggingface",
  "inference-net",
  "inflection",
  "kluster",
  "lambda",
  "minimax",
  "mistral",
  "modal",
  "nebius",
  "perplexity",
  "replicate",
  "sambanova",
  "targon",
]);

/** Whether an answer that nobody waits for any more is charged for whole all the same. */
export const billsOn = (providerSlug: string): boolean => billsOnRegardless.has(providerSlug);
