import { describe, expect, it } from "vitest";
import type { OfferedModel } from "./offer";
import { supportedParameters } from "./supported-parameters";

const model: OfferedModel = { slug: "a/b", label: "B", description: "", endpoints: [] };
const able = { images: false, tools: true, reasoning: false };
const REASONING = ["reasoning", "reasoning_effort", "include_reasoning"];

describe("supportedParameters", () => {
  it("takes lengths everywhere, reasoning only where the model reasons", () => {
    const plain = supportedParameters("anthropic", model, able);
    expect(plain).toEqual(expect.arrayContaining(["max_tokens", "max_completion_tokens", "temperature", "tools"]));
    expect(plain).not.toEqual(expect.arrayContaining(["reasoning"]));
    expect(supportedParameters("anthropic", model, { ...able, reasoning: true })).toEqual(
      expect.arrayContaining(REASONING),
    );
  });

  it("steers no sampling of a model that refuses it", () => {
    const taken = supportedParameters("anthropic", { ...model, fixedSampling: true }, able);
    for (const name of ["temperature", "top_p", "top_k"]) expect(taken).not.toContain(name);
    expect(taken).toContain("stop");
  });

  it("steers no sampling of OpenAI's reasoning models; the same model elsewhere takes it", () => {
    const reasons = { ...able, reasoning: true };
    for (const name of ["temperature", "top_p", "stop", "logit_bias", "logprobs", "presence_penalty"])
      expect(supportedParameters("openai", model, reasons)).not.toContain(name);
    expect(supportedParameters("groq", model, reasons)).toContain("temperature");
  });

  it("takes no tools where the model has none", () => {
    const taken = supportedParameters("openai", model, { ...able, tools: false });
    for (const name of ["tools", "tool_choice", "parallel_tool_calls"]) expect(taken).not.toContain(name);
  });

  it("adds and takes away what the model says", () => {
    const taken = supportedParameters(
      "openai",
      { ...model, with: ["verbosity"], without: ["parallel_tool_calls"] },
      able,
    );
    expect(taken).toContain("verbosity");
    expect(taken).not.toContain("parallel_tool_calls");
  });

  it("takes nothing for embeddings", () => {
    expect(supportedParameters("openai", { ...model, outputs: "embeddings" }, able)).toEqual([]);
  });

  it("refuses a provider of which nothing is known", () => {
    expect(() => supportedParameters("nobody", model, able)).toThrow(/what nobody takes/);
  });
});
