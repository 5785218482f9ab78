import type { OfferedModel } from "../offer";

export const metaModels: OfferedModel[] = [
  {
    slug: "meta-llama/llama-3.3-70b-instruct",
    label: "Llama 3.3 70B Instruct",
    description: "Meta's open-weight model for dialogue in many languages.",
    features: { tools: true },
    endpoints: [
      {
        provider: "novita",
        upstreamModel: "meta-llama/llama-3.3-70b-instruct",
        pricedAs: ["huggingface_novita", "meta-llama/llama-3.3-70b-instruct"],
      },
      {
        provider: "together",
        upstreamModel: "meta-llama/Llama-3.3-70B-Instruct-Turbo",
        contextFrom: ["huggingface_together", "meta-llama/llama-3.3-70b-instruct"],
      },
    ],
  },
  {
    slug: "meta-llama/llama-3.1-8b-instruct",
    label: "Llama 3.1 8B Instruct",
    description: "A small open-weight model.",
    endpoints: [{ provider: "novita", upstreamModel: "meta-llama/llama-3.1-8b-instruct" }],
  },
  {
    slug: "meta-llama/llama-4-maverick",
    label: "Llama 4 Maverick",
    description: "Meta's open-weight mixture of experts; sees images.",
    features: { images: true },
    tokenizer: "Other",
    endpoints: [
      {
        provider: "novita",
        upstreamModel: "meta-llama/llama-4-maverick-17b-128e-instruct-fp8",
        pricedAs: ["huggingface_novita", "meta-llama/llama-4-maverick-17b-128e-instruct-fp8"],
      },
    ],
  },
];
