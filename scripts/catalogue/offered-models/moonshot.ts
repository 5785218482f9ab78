import type { OfferedModel } from "../offer";

export const moonshotModels: OfferedModel[] = [
  {
    slug: "moonshotai/kimi-k3",
    label: "Kimi K3",
    description: "Moonshot's open-weight flagship, with a million tokens of context.",
    registryKey: "kimi3",
    aliases: ["~moonshotai/kimi-latest"],
    endpoints: [
      { provider: "moonshotai", upstreamModel: "kimi-k3" },
      { provider: "baseten", upstreamModel: "moonshotai/Kimi-K3" },
      { provider: "fireworks", upstreamModel: "accounts/fireworks/models/kimi-k3" },
    ],
  },
  {
    slug: "moonshotai/kimi-k2.7-code",
    label: "Kimi K2.7 Code",
    description: "A Kimi for programming.",
    registryKey: "kimi27codeT",
    endpoints: [
      { provider: "moonshotai", upstreamModel: "kimi-k2.7-code" },
      { provider: "baseten", upstreamModel: "moonshotai/Kimi-K2.7-Code" },
      { provider: "fireworks", upstreamModel: "accounts/fireworks/models/kimi-k2p7-code" },
    ],
  },
  {
    slug: "moonshotai/kimi-k2.6",
    label: "Kimi K2.6",
    description: "An open-weight Kimi for agents; sees images.",
    registryKey: "kimi26T",
    endpoints: [
      { provider: "moonshotai", upstreamModel: "kimi-k2.6" },
      { provider: "avian", upstreamModel: "moonshotai/kimi-k2.6" },
      { provider: "baseten", upstreamModel: "moonshotai/Kimi-K2.6" },
      { provider: "fireworks", upstreamModel: "accounts/fireworks/models/kimi-k2p6", contextFrom: "registry" },
    ],
  },
  {
    slug: "moonshotai/kimi-k2.5",
    label: "Kimi K2.5",
    description: "An open-weight Kimi that sees images.",
    registryKey: "kimi25T",
    endpoints: [
      { provider: "moonshotai", upstreamModel: "kimi-k2.5" },
      { provider: "avian", upstreamModel: "moonshotai/kimi-k2.5" },
      { provider: "fireworks", upstreamModel: "accounts/fireworks/models/kimi-k2p5" },
      {
        provider: "novita",
        upstreamModel: "moonshotai/kimi-k2.5",
        pricedAs: ["huggingface_novita", "moonshotai/kimi-k2.5"],
      },
      {
        provider: "together",
        upstreamModel: "moonshotai/Kimi-K2.5",
        pricedAs: ["huggingface_together", "moonshotai/kimi-k2.5"],
      },
    ],
  },
];
