import type { OfferedModel } from "../offer";

export const mistralModels: OfferedModel[] = [
  {
    slug: "mistralai/mistral-large-2512",
    label: "Mistral Large 3 2512",
    description: "Mistral's large open-weight model; sees images.",
    features: { tools: true, images: true },
    endpoints: [{ provider: "mistral", upstreamModel: "mistral-large-2512" }],
  },
  {
    slug: "mistralai/mistral-medium-3-5",
    label: "Mistral Medium 3.5",
    description: "Mistral's newest medium model, for agents and code; sees images.",
    features: { tools: true, images: true },
    endpoints: [{ provider: "mistral", upstreamModel: "mistral-medium-3-5" }],
  },
  {
    slug: "mistralai/mistral-medium-3.1",
    label: "Mistral Medium 3.1",
    description: "A medium model of 2025; sees images.",
    features: { tools: true, images: true },
    endpoints: [
      {
        provider: "mistral",
        upstreamModel: "mistral-medium-2508",
        contextFrom: ["openrouter", "mistralai/mistral-medium-3.1"],
      },
    ],
  },
  {
    slug: "mistralai/mistral-small-2603",
    label: "Mistral Small 4",
    description: "A small open-weight model; sees images.",
    features: { tools: true, images: true },
    endpoints: [{ provider: "mistral", upstreamModel: "mistral-small-2603" }],
  },
  {
    slug: "mistralai/devstral-2512",
    label: "Devstral 2 2512",
    description: "An open-weight model for software engineering.",
    features: { tools: true },
    endpoints: [{ provider: "mistral", upstreamModel: "devstral-2512" }],
  },
  {
    slug: "mistralai/codestral-2508",
    label: "Codestral 2508",
    description: "A model for completing and repairing code.",
    features: { tools: true },
    endpoints: [{ provider: "mistral", upstreamModel: "codestral-2508" }],
  },
  {
    slug: "mistralai/ministral-14b-2512",
    label: "Ministral 3 14B 2512",
    description: "The largest of the compact Ministral 3; sees images.",
    features: { tools: true, images: true },
    endpoints: [{ provider: "mistral", upstreamModel: "ministral-14b-2512" }],
  },
  {
    slug: "mistralai/ministral-8b-2512",
    label: "Ministral 3 8B 2512",
    description: "A compact open-weight model; sees images.",
    features: { tools: true, images: true },
    endpoints: [{ provider: "mistral", upstreamModel: "ministral-8b-2512" }],
  },
  {
    slug: "mistralai/ministral-3b-2512",
    label: "Ministral 3 3B 2512",
    description: "The smallest Ministral 3; sees images.",
    features: { tools: true, images: true },
    endpoints: [{ provider: "mistral", upstreamModel: "ministral-3b-2512" }],
  },
  {
    slug: "mistralai/mistral-embed-2312",
    label: "Mistral Embed",
    description: "Embeddings of 1024 dimensions, mostly for English and French.",
    outputs: "embeddings",
    endpoints: [{ provider: "mistral", upstreamModel: "mistral-embed" }],
  },
];
