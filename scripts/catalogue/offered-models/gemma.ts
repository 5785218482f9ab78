import type { OfferedModel } from "../offer";

export const gemmaModels: OfferedModel[] = [
  {
    slug: "google/gemma-4-31b-it",
    label: "Gemma 4 31B",
    description: "Google's open-weight model, at the speed of wafer-scale hardware.",
    features: { tools: true },
    endpoints: [{ provider: "cerebras", upstreamModel: "gemma-4-31b" }],
  },
];
