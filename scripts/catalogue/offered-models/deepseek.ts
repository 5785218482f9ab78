import type { OfferedModel } from "../offer";

export const deepSeekModels: OfferedModel[] = [
  {
    slug: "deepseek/deepseek-v4-pro",
    label: "DeepSeek V4 Pro",
    description: "DeepSeek's large open-weight model, thinking or not, with a million tokens of context.",
    registryKey: "deepseekproT",
    endpoints: [
      { provider: "deepseek", upstreamModel: "deepseek-v4-pro" },
      { provider: "avian", upstreamModel: "deepseek/deepseek-v4-pro" },
      { provider: "baseten", upstreamModel: "deepseek-ai/DeepSeek-V4-Pro" },
      { provider: "fireworks", upstreamModel: "accounts/fireworks/models/deepseek-v4-pro" },
    ],
  },
  {
    slug: "deepseek/deepseek-v4-flash",
    label: "DeepSeek V4 Flash",
    description: "The small DeepSeek V4, with a million tokens of context.",
    registryKey: "deepseekT",
    endpoints: [
      { provider: "deepseek", upstreamModel: "deepseek-v4-flash" },
      { provider: "avian", upstreamModel: "deepseek/deepseek-v4-flash" },
      { provider: "fireworks", upstreamModel: "accounts/fireworks/models/deepseek-v4-flash" },
    ],
  },
  {
    slug: "deepseek/deepseek-v3.2",
    label: "DeepSeek V3.2",
    description: "An open-weight model with sparse attention, thinking or not.",
    registryKey: "dsv32T",
    endpoints: [
      { provider: "avian", upstreamModel: "deepseek/deepseek-v3.2" },
      {
        provider: "novita",
        upstreamModel: "deepseek/deepseek-v3.2",
        pricedAs: ["huggingface_novita", "deepseek-ai/deepseek-v3.2"],
      },
    ],
  },
  {
    slug: "deepseek/deepseek-chat-v3-0324",
    label: "DeepSeek V3 0324",
    description: "The DeepSeek V3 of March 2025; it does not reason.",
    registryKey: "dsv3",
    endpoints: [
      {
        provider: "novita",
        upstreamModel: "deepseek/deepseek-v3-0324",
        pricedAs: ["huggingface_novita", "deepseek-ai/deepseek-v3-0324"],
      },
    ],
  },
  {
    slug: "deepseek/deepseek-r1-0528",
    label: "R1 0528",
    description: "The open-weight reasoning model of May 2025.",
    registryKey: "dsr1",
    endpoints: [
      {
        provider: "novita",
        upstreamModel: "deepseek/deepseek-r1-0528",
        pricedAs: ["huggingface_novita", "deepseek-ai/deepseek-r1-0528"],
      },
      {
        provider: "together",
        upstreamModel: "deepseek-ai/DeepSeek-R1",
        pricedAs: ["huggingface_together", "deepseek-ai/deepseek-r1-0528"],
      },
    ],
  },
];
