import { expect, test } from "vitest";
import type { GuardrailRules } from "@/db/schema";
import { endpointNamed } from "@/lib/models/endpoint-named";
import { siftEndpoints } from "@/lib/models/sift-endpoints";
import { guardrailFilters } from "./guardrail-filters";

const free = { prices: { prompt: 0n, completion: 0n } };
const endpoints = [
  endpointNamed("alpha"),
  endpointNamed("alpha/flex", { trainsOnPrompts: false }),
  endpointNamed("beta", { trainsOnPrompts: false, retainsPrompts: false }),
  endpointNamed("gamma", { trainsOnPrompts: true, retainsPrompts: true }),
  endpointNamed("delta", { ...free, trainsOnPrompts: true, retainsPrompts: true }),
  endpointNamed("epsilon", { ...free, trainsOnPrompts: false, retainsPrompts: false }),
];
const ALL = ["alpha", "alpha/flex", "beta", "gamma", "delta", "epsilon"];

test.each<[GuardrailRules, string, string[]]>([
  [{}, "openai/gpt-5", ALL],
  [{ allowed_models: ["openai/gpt-5"] }, "openai/gpt-5", ALL],
  [{ allowed_models: ["openai/gpt-5"] }, "openai/gpt-4o", []],
  [{ ignored_models: ["openai/gpt-4o"] }, "openai/gpt-4o", []],
  [{ ignored_models: ["openai/gpt-4o"] }, "openai/gpt-5", ALL],
  [{ allowed_models: ["a/b"], ignored_models: ["a/b"] }, "a/b", []],
  [{ allowed_providers: ["Alpha", "beta"] }, "a/b", ["alpha", "alpha/flex", "beta"]],
  [{ allowed_providers: ["alpha/flex"] }, "a/b", ["alpha/flex"]],
  [{ ignored_providers: ["alpha", "gamma"] }, "a/b", ["beta", "delta", "epsilon"]],
  [{ allowed_providers: ["alpha", "beta"], ignored_providers: ["alpha"] }, "a/b", ["beta"]],
  [{ enforce_zdr: true }, "a/b", ["beta", "epsilon"]],
  [{ enforce_zdr_openai: true }, "openai/gpt-5", ["beta", "epsilon"]],
  [{ enforce_zdr_openai: true }, "anthropic/claude", ALL],
  [{ enforce_zdr_anthropic: true }, "anthropic/claude", ["beta", "epsilon"]],
  [{ enforce_zdr_google: true }, "google/gemini", ["beta", "epsilon"]],
  [{ enforce_zdr_xai: true }, "x-ai/grok", ["beta", "epsilon"]],
  [{ enforce_zdr_other: true }, "x-ai/grok", ALL],
  [{ enforce_zdr_other: true }, "deepseek/v3", ["beta", "epsilon"]],
  [{ enforce_zdr_openai: false }, "openai/gpt-5", ALL],
  [{ enable_paid_model_training: false }, "a/b", ["alpha/flex", "beta", "delta", "epsilon"]],
  [{ enable_free_model_training: false }, "a/b", ["alpha", "alpha/flex", "beta", "gamma", "epsilon"]],
  [{ enable_free_model_publication: false }, "a/b", ["alpha", "alpha/flex", "beta", "gamma", "epsilon"]],
  [{ enable_paid_model_training: true, enable_free_model_training: true }, "a/b", ALL],
])("%j of %s keeps %j", (rules, slug, kept) => {
  const ofModel = endpoints.map((endpoint) => ({ ...endpoint, modelSlug: slug }));
  const sifted = siftEndpoints(ofModel, guardrailFilters({ name: "test", rules }));
  expect(sifted.kept.map(({ id }) => id)).toEqual(kept);
  for (const { by } of sifted.excluded) expect(by).toBe("guardrail");
});
