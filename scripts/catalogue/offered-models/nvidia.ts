import type { OfferedModel } from "../offer";

export const nvidiaModels: OfferedModel[] = [
  {
    slug: "nvidia/nemotron-3-ultra-550b-a55b",
    label: "Nemotron 3 Ultra",
    description: "NVIDIA's large open-weight reasoning model.",
    features: { tools: true, reasoning: true },
    endpoints: [
      { provider: "baseten", upstreamModel: "nvidia/NVIDIA-Nemotron-3-Ultra-550B-A55B" },
      { provider: "fireworks", upstreamModel: "accounts/fireworks/models/nemotron-3-ultra-nvfp4" },
    ],
  },
];
