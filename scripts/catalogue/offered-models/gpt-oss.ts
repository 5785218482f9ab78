import type { OfferedModel } from "../offer";

export const gptOssModels: OfferedModel[] = [
  {
    slug: "openai/gpt-oss-120b",
    label: "gpt-oss-120b",
    description: "OpenAI's larger open-weight reasoning model, a mixture of experts.",
    registryKey: "gptoss",
    endpoints: [
      { provider: "baseten", upstreamModel: "openai/gpt-oss-120b" },
      { provider: "cerebras", upstreamModel: "gpt-oss-120b" },
      { provider: "fireworks", upstreamModel: "accounts/fireworks/models/gpt-oss-120b" },
      { provider: "groq", upstreamModel: "openai/gpt-oss-120b" },
      {
        provider: "novita",
        upstreamModel: "openai/gpt-oss-120b",
        pricedAs: ["huggingface_novita", "openai/gpt-oss-120b"],
      },
      {
        provider: "together",
        upstreamModel: "openai/gpt-oss-120b",
        pricedAs: ["huggingface_together", "openai/gpt-oss-120b"],
      },
    ],
  },
  {
    slug: "openai/gpt-oss-20b",
    label: "gpt-oss-20b",
    description: "OpenAI's smaller open-weight reasoning model.",
    registryKey: "gptoss-",
    endpoints: [
      { provider: "fireworks", upstreamModel: "accounts/fireworks/models/gpt-oss-20b" },
      { provider: "groq", upstreamModel: "openai/gpt-oss-20b" },
      {
        provider: "novita",
        upstreamModel: "openai/gpt-oss-20b",
        pricedAs: ["huggingface_novita", "openai/gpt-oss-20b"],
      },
      {
        provider: "together",
        upstreamModel: "openai/gpt-oss-20b",
        pricedAs: ["huggingface_together", "openai/gpt-oss-20b"],
      },
    ],
  },
];
