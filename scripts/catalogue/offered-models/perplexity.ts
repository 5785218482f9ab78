import type { OfferedModel } from "../offer";

export const perplexityModels: OfferedModel[] = [
  {
    slug: "perplexity/sonar",
    label: "Sonar",
    description: "Answers from the web, with citations.",
    endpoints: [{ provider: "perplexity", upstreamModel: "sonar" }],
  },
  {
    slug: "perplexity/sonar-pro",
    label: "Sonar Pro",
    description: "Answers from the web to larger questions, with more citations.",
    endpoints: [{ provider: "perplexity", upstreamModel: "sonar-pro" }],
  },
  {
    slug: "perplexity/sonar-reasoning-pro",
    label: "Sonar Reasoning Pro",
    description: "Thinks step by step over what it finds on the web.",
    features: { reasoning: true },
    endpoints: [{ provider: "perplexity", upstreamModel: "sonar-reasoning-pro" }],
  },
];
