import type { OfferedModel } from "../offer";

export const xaiModels: OfferedModel[] = [
  {
    slug: "x-ai/grok-4.6",
    label: "Grok 4.6",
    description: "xAI's reasoning model of 2026; sees images.",
    registryKey: "grok46",
    endpoints: [{ provider: "xai", upstreamModel: "grok-4.6" }],
  },
  {
    slug: "x-ai/grok-4.5",
    label: "Grok 4.5",
    description: "A Grok for reasoning and tools; sees images.",
    registryKey: "grok45",
    endpoints: [{ provider: "xai", upstreamModel: "grok-4.5" }],
  },
  {
    slug: "x-ai/grok-4.3",
    label: "Grok 4.3",
    description: "A cheaper Grok with a million tokens of context.",
    registryKey: "grok43",
    endpoints: [{ provider: "xai", upstreamModel: "grok-4.3" }],
  },
];
