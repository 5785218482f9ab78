import type { OfferedModel } from "../offer";

export const cohereModels: OfferedModel[] = [
  {
    slug: "cohere/command-a",
    label: "Command A",
    description: "Cohere's large model for business, retrieval and tools.",
    features: { tools: true },
    endpoints: [
      { provider: "cohere", upstreamModel: "command-a-03-2025", contextFrom: ["openrouter", "cohere/command-a"] },
    ],
  },
  {
    slug: "cohere/command-r-plus-08-2024",
    label: "Command R+ (08-2024)",
    description: "An older Cohere model for retrieval and tools.",
    features: { tools: true },
    endpoints: [
      {
        provider: "cohere",
        upstreamModel: "command-r-plus-08-2024",
        contextFrom: ["openrouter", "cohere/command-r-plus-08-2024"],
      },
    ],
  },
  {
    slug: "cohere/command-r-08-2024",
    label: "Command R (08-2024)",
    description: "The smaller Command R.",
    features: { tools: true },
    endpoints: [
      {
        provider: "cohere",
        upstreamModel: "command-r-08-2024",
        contextFrom: ["openrouter", "cohere/command-r-08-2024"],
      },
    ],
  },
  {
    slug: "cohere/command-r7b-12-2024",
    label: "Command R7B (12-2024)",
    description: "A small Cohere model for retrieval.",
    features: { tools: true },
    endpoints: [
      {
        provider: "cohere",
        upstreamModel: "command-r7b-12-2024",
        contextFrom: ["openrouter", "cohere/command-r7b-12-2024"],
      },
    ],
  },
  {
    slug: "cohere/embed-v4.0",
    label: "Embed v4.0",
    description: "Embeddings of long documents, in over a hundred languages.",
    outputs: "embeddings",
    endpoints: [{ provider: "cohere", upstreamModel: "embed-v4.0" }],
  },
];
