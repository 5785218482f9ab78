import type { OfferedModel } from "../offer";

export const zaiModels: OfferedModel[] = [
  {
    slug: "z-ai/glm-5.3",
    label: "GLM 5.3",
    description: "Z.ai's open-weight flagship for long agentic work.",
    registryKey: "glm53",
    endpoints: [
      { provider: "z-ai", upstreamModel: "glm-5.3" },
      { provider: "baseten", upstreamModel: "zai-org/GLM-5.3" },
    ],
  },
  {
    slug: "z-ai/glm-5.3-flash",
    label: "GLM 5.3 Flash",
    description: "The small GLM 5.3; sees images.",
    registryKey: "glm53flash",
    endpoints: [{ provider: "baseten", upstreamModel: "zai-org/GLM-5.3-Flash" }],
  },
  {
    slug: "z-ai/glm-5.2",
    label: "GLM 5.2",
    description: "An open-weight model for coding, with a million tokens of context.",
    registryKey: "glm52",
    endpoints: [
      { provider: "z-ai", upstreamModel: "glm-5.2" },
      { provider: "avian", upstreamModel: "z-ai/glm-5.2" },
      { provider: "baseten", upstreamModel: "zai-org/GLM-5.2" },
      { provider: "fireworks", upstreamModel: "accounts/fireworks/models/glm-5p2" },
    ],
  },
  {
    slug: "z-ai/glm-5.1",
    label: "GLM 5.1",
    description: "An open-weight model for coding and agents.",
    registryKey: "glm51",
    endpoints: [
      { provider: "avian", upstreamModel: "z-ai/glm-5.1" },
      { provider: "fireworks", upstreamModel: "accounts/fireworks/models/glm-5p1", contextFrom: "registry" },
    ],
  },
  {
    slug: "z-ai/glm-5",
    label: "GLM 5",
    description: "The first open-weight GLM 5.",
    registryKey: "glm5",
    endpoints: [
      { provider: "avian", upstreamModel: "z-ai/glm-5" },
      { provider: "novita", upstreamModel: "zai-org/glm-5", pricedAs: ["huggingface_novita", "zai-org/glm-5"] },
    ],
  },
  {
    slug: "z-ai/glm-4.7",
    label: "GLM 4.7",
    description: "An older open-weight GLM for coding.",
    registryKey: "glm47",
    endpoints: [
      { provider: "avian", upstreamModel: "z-ai/glm-4.7" },
      { provider: "baseten", upstreamModel: "zai-org/GLM-4.7" },
      { provider: "novita", upstreamModel: "zai-org/glm-4.7", pricedAs: ["huggingface_novita", "zai-org/glm-4.7"] },
    ],
  },
];
