import { describe, expect, it } from "vitest";
import { buildCatalogue } from "./build-catalogue";
import type { OfferedModel } from "./offer";

const haiku: OfferedModel = {
  slug: "anthropic/claude-haiku-4.5",
  label: "Claude Haiku 4.5",
  description: "Small.",
  registryKey: "haiku45T",
  endpoints: [{ provider: "anthropic", upstreamModel: "claude-haiku-4-5" }],
};
const build = (change: Partial<OfferedModel>) => buildCatalogue([{ ...haiku, ...change }]).models[0];

describe("buildCatalogue", () => {
  it("takes prices from one package, maximum output and abilities from the other", () => {
    const model = build({});
    expect(model).toMatchObject({
      name: "Anthropic: Claude Haiku 4.5",
      company: "anthropic",
      created: Date.UTC(2025, 9, 1) / 1000,
      contextLength: 200_000,
      inputModalities: ["text", "image", "file"],
      reasoning: true,
      tokenizer: "Claude",
    });
    expect(model?.endpoints[0]).toMatchObject({
      maxOutput: 64_000,
      prices: {
        promptPico: "1000000",
        completionPico: "5000000",
        cacheReadPico: "100000",
        cacheWriteHourPico: "2000000",
      },
    });
  });

  it("lists only the companies and providers of what is offered", () => {
    const { companies, providers } = buildCatalogue([haiku]);
    expect(companies).toEqual([{ slug: "anthropic", name: "Anthropic" }]);
    expect(providers).toMatchObject([{ slug: "anthropic", name: "Anthropic", kind: "anthropic", baseUrl: null }]);
  });

  it("names the model as its maker does, and never as another model is called", () => {
    const other: OfferedModel = { ...haiku, slug: "anthropic/claude-haiku-4-5" };
    expect(build({})?.aliases).toContain("anthropic/claude-haiku-4-5");
    const [hyphens, dots] = buildCatalogue([haiku, other]).models;
    expect([hyphens?.slug, dots?.slug]).toEqual(["anthropic/claude-haiku-4-5", "anthropic/claude-haiku-4.5"]);
    expect(dots?.aliases).not.toContain("anthropic/claude-haiku-4-5");
  });

  it("drops a tier that the context does not reach: Sonnet 4.5 refuses longer prompts", () => {
    const upstreamModel = "claude-sonnet-4-5";
    const sonnet = build({ registryKey: "sonnet45T", endpoints: [{ provider: "anthropic", upstreamModel }] });
    expect(sonnet?.endpoints[0]).toMatchObject({
      contextLength: 200_000,
      prices: { promptPico: "3000000", tiers: [] },
    });
  });

  it("takes no audio where it costs more than text, because a bill does not tell them apart", () => {
    const gemini = (upstreamModel: string, registryKey: string) =>
      build({
        slug: `google/${upstreamModel}`,
        registryKey,
        endpoints: [{ provider: "google-ai-studio", upstreamModel }],
      })?.inputModalities;
    expect(gemini("gemini-2.5-flash", "gemini25f0617")).toEqual(["text", "image", "file"]);
    expect(gemini("gemini-2.5-pro", "gemini25p")).toEqual(["text", "image", "file", "audio"]);
  });

  it("promises no more output than the endpoint's context holds", () => {
    const upstreamModel = "accounts/fireworks/models/kimi-k3";
    const kimi = build({ registryKey: "kimi3", endpoints: [{ provider: "fireworks", upstreamModel }] });
    expect(kimi?.endpoints[0]).toMatchObject({ contextLength: 1_040_000, maxOutput: 1_040_000 });
  });

  it("reads a rounded context length by OpenRouter's exact one, and only if they are the same figure", () => {
    const served = (upstreamModel: string) => [{ provider: "openai", upstreamModel }];
    const gpt41 = build({ slug: "openai/gpt-4.1", registryKey: "gpt41", endpoints: served("gpt-4.1") });
    expect(gpt41?.contextLength).toBe(1_047_576);
    const elsewhere = build({ slug: "openai/o4-mini", registryKey: "gpt41", endpoints: served("gpt-4.1") });
    expect(elsewhere?.contextLength).toBe(1_000_000);
  });

  it.each<[string, Partial<OfferedModel>, RegExp]>([
    ["a registry key", { registryKey: "nothing" }, /llm-zoo has no nothing/],
    ["a company", { slug: "nobody/claude-haiku-4.5" }, /nobody is not among the companies/],
    ["a provider", { endpoints: [{ provider: "nobody", upstreamModel: "x" }] }, /nobody is not among the providers/],
    ["a price", { endpoints: [{ provider: "anthropic", upstreamModel: "claude-none" }] }, /no price for claude-none/],
    [
      "a context length",
      { registryKey: undefined, endpoints: [{ provider: "groq", upstreamModel: "llama-3.3-70b-versatile" }] },
      /no context length at groq/,
    ],
    [
      "a provider that still serves it",
      { endpoints: [{ provider: "cerebras", upstreamModel: "llama-3.3-70b" }] },
      /cerebras serves llama-3.3-70b no longer/,
    ],
  ])("refuses a model that lacks %s", (_, change, message) => {
    expect(() => build(change)).toThrow(message);
  });
});
