import type { OfferedModel } from "../offer";

export const miniMaxModels: OfferedModel[] = [
  {
    slug: "minimax/minimax-m3",
    label: "MiniMax M3",
    description: "MiniMax's multimodal flagship, with a million tokens of context.",
    registryKey: "minimaxM3",
    endpoints: [
      { provider: "minimax", upstreamModel: "MiniMax-M3" },
      { provider: "fireworks", upstreamModel: "accounts/fireworks/models/minimax-m3" },
    ],
  },
  {
    slug: "minimax/minimax-m2.7",
    label: "MiniMax M2.7",
    description: "An open-weight model for coding and agents.",
    registryKey: "minimaxM27",
    endpoints: [
      { provider: "minimax", upstreamModel: "MiniMax-M2.7" },
      { provider: "fireworks", upstreamModel: "accounts/fireworks/models/minimax-m2p7", contextFrom: "registry" },
    ],
  },
  {
    slug: "minimax/minimax-m2.5",
    label: "MiniMax M2.5",
    description: "An older open-weight MiniMax for coding.",
    registryKey: "minimaxM25",
    endpoints: [
      { provider: "minimax", upstreamModel: "MiniMax-M2.5" },
      { provider: "avian", upstreamModel: "minimax/minimax-m2.5" },
      {
        provider: "novita",
        upstreamModel: "minimax/minimax-m2.5",
        pricedAs: ["huggingface_novita", "minimaxai/minimax-m2.5"],
      },
    ],
  },
];
