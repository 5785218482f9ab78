import type { OfferedModel } from "../offer";

export const qwenModels: OfferedModel[] = [
  {
    slug: "qwen/qwen3.7-plus",
    label: "Qwen3.7 Plus",
    description: "Alibaba's mid-sized Qwen of 2026.",
    features: { tools: true },
    endpoints: [{ provider: "fireworks", upstreamModel: "accounts/fireworks/models/qwen3p7-plus" }],
  },
  {
    slug: "qwen/qwen3.6-plus",
    label: "Qwen3.6 Plus",
    description: "The mid-sized Qwen before 3.7.",
    features: { tools: true },
    endpoints: [
      {
        provider: "fireworks",
        upstreamModel: "accounts/fireworks/models/qwen3p6-plus",
        contextFrom: ["openrouter", "qwen/qwen3.6-plus"],
      },
    ],
  },
  {
    slug: "qwen/qwen3.5-397b-a17b",
    label: "Qwen3.5 397B A17B",
    description: "The large open-weight Qwen3.5, a mixture of experts that thinks.",
    features: { tools: true, reasoning: true },
    endpoints: [
      {
        provider: "novita",
        upstreamModel: "qwen/qwen3.5-397b-a17b",
        pricedAs: ["huggingface_novita", "qwen/qwen3.5-397b-a17b"],
      },
      {
        provider: "together",
        upstreamModel: "Qwen/Qwen3.5-397B-A17B",
        pricedAs: ["huggingface_together", "qwen/qwen3.5-397b-a17b"],
      },
    ],
  },
  {
    slug: "qwen/qwen3-235b-a22b-2507",
    label: "Qwen3 235B A22B Instruct 2507",
    description: "The large open-weight Qwen3 that answers without thinking.",
    features: { tools: true },
    endpoints: [
      {
        provider: "novita",
        upstreamModel: "qwen/qwen3-235b-a22b-instruct-2507",
        pricedAs: ["huggingface_novita", "qwen/qwen3-235b-a22b-instruct-2507"],
      },
      {
        provider: "together",
        upstreamModel: "Qwen/Qwen3-235B-A22B-Instruct-2507-tput",
        pricedAs: ["huggingface_together", "qwen/qwen3-235b-a22b-instruct-2507"],
      },
    ],
  },
  {
    slug: "qwen/qwen3-coder",
    label: "Qwen3 Coder 480B A35B",
    description: "The large open-weight Qwen3 for programming.",
    features: { tools: true },
    endpoints: [
      {
        provider: "novita",
        upstreamModel: "qwen/qwen3-coder-480b-a35b-instruct",
        pricedAs: ["huggingface_novita", "qwen/qwen3-coder-480b-a35b-instruct"],
      },
      {
        provider: "together",
        upstreamModel: "Qwen/Qwen3-Coder-480B-A35B-Instruct-FP8",
        pricedAs: ["huggingface_together", "qwen/qwen3-coder-480b-a35b-instruct-fp8"],
      },
    ],
  },
];
