import { expect, test } from "vitest";
import type { ProviderPreferences } from "@/lib/protocol/provider-preferences";
import { endpointNamed } from "./endpoint-named";
import { preferenceFilters } from "./preference-filters";
import { siftEndpoints } from "./sift-endpoints";

const tier = {
  ...{ cacheRead: null, cacheWrite: null, cacheWriteHour: null, reasoning: null },
  ...{ above: 1_000, prompt: 4_000_000n, completion: 2_000_000n },
};
const endpoints = [
  endpointNamed("alpha", { trainsOnPrompts: false, retainsPrompts: true }),
  endpointNamed("alpha/turbo", { quantization: "int4", distillable: false }),
  endpointNamed("alpha/flex"),
  endpointNamed("beta/fp8", {
    trainsOnPrompts: true,
    retainsPrompts: false,
    prices: { prompt: 300_000n, completion: 3_000_001n, request: 2n },
  }),
  endpointNamed("gamma", {
    distillable: true,
    prices: { prompt: 1_000_001n, image: 5_000n, audio: 7_000_000n, tiers: [tier] },
  }),
];
const sift = (preferences: ProviderPreferences, prompt = 100) =>
  siftEndpoints(endpoints, preferenceFilters(preferences, prompt));
const left = (preferences: ProviderPreferences, prompt = 100) => sift(preferences, prompt).kept.map(({ id }) => id);

const USUAL = ["alpha", "alpha/turbo", "beta/fp8", "gamma"];

test.each<[string, ProviderPreferences, string[]]>([
  ["without preferences only a tier is out", {}, USUAL],
  ["a bare provider means all it has but its tiers", { only: ["alpha"] }, ["alpha", "alpha/turbo"]],
  ["a display name counts, in any case", { only: ["ALPHA", "Beta"] }, ["alpha", "alpha/turbo", "beta/fp8"]],
  ["a full name means one", { only: ["alpha/turbo"] }, ["alpha/turbo"]],
  ["a tier is reached by its full name", { only: ["alpha/flex"] }, ["alpha/flex"]],
  [
    "a tier in the order is reached too",
    { order: ["alpha/flex"] },
    ["alpha", "alpha/turbo", "alpha/flex", "beta/fp8", "gamma"],
  ],
  ["nobody of that name", { only: ["nobody", "alpha/nothing"] }, []],
  ["an empty list asks for nothing", { only: [], ignore: [], order: [], quantizations: [] }, USUAL],
  ["ignored providers are out", { ignore: ["ALPHA"] }, ["beta/fp8", "gamma"]],
  ["one ignored endpoint is out", { ignore: ["alpha/turbo"] }, ["alpha", "beta/fp8", "gamma"]],
  ["who is named and ignored is out", { only: ["alpha", "gamma"], ignore: ["gamma"] }, ["alpha", "alpha/turbo"]],
  ["an order alone excludes nobody", { order: ["gamma"] }, USUAL],
  ["an order without fallbacks is a list", { order: ["gamma"], allow_fallbacks: false }, ["gamma"]],
  [
    "allowing data collection asks for nothing",
    { data_collection: "allow", zdr: false, enforce_distillable_text: false },
    USUAL,
  ],
  ["denying it leaves who does not train, retain though he may", { data_collection: "deny" }, ["alpha"]],
  ["zero retention leaves who retains nothing", { zdr: true }, ["beta/fp8"]],
  ["both leave nobody", { zdr: true, data_collection: "deny" }, []],
  ["distillable text leaves what may be distilled", { enforce_distillable_text: true }, ["gamma"]],
  [
    "a quantization, where the catalogue is silent told by the endpoint's name",
    { quantizations: ["fp8"] },
    ["beta/fp8"],
  ],
  ["a quantization that the catalogue knows", { quantizations: ["int4"] }, ["alpha/turbo"]],
  ["unknown may be asked for", { quantizations: ["unknown", "fp4"] }, ["alpha", "gamma"]],
  [
    "a price per million tokens, to the last pico-dollar",
    { max_price: { prompt: 1 } },
    ["alpha", "alpha/turbo", "beta/fp8"],
  ],
  ["the same as a string", { max_price: { prompt: "1.000000" } }, ["alpha", "alpha/turbo", "beta/fp8"]],
  ["a pico-dollar more", { max_price: { prompt: "1.000001" } }, USUAL],
  ["of the completion", { max_price: { completion: 3 } }, ["alpha", "alpha/turbo", "gamma"]],
  ["of a request, in dollars", { max_price: { request: 1e-9 } }, ["alpha", "alpha/turbo", "gamma"]],
  ["of a request, enough", { max_price: { request: 2e-9 } }, USUAL],
  ["of an image, in dollars", { max_price: { image: "0.000004" } }, ["alpha", "alpha/turbo", "beta/fp8"]],
  ["of audio, as of other tokens", { max_price: { audio: 6.9 } }, ["alpha", "alpha/turbo", "beta/fp8"]],
  ["all of them hold", { max_price: { prompt: 0.5, completion: 3 } }, []],
  ["nothing but what is free", { max_price: { prompt: 0 } }, []],
])("%s", (_title, preferences, expected) => {
  expect(left(preferences)).toEqual(expected);
});

test("of a price in tiers, every one that the prompt may fall into is within the bound", () => {
  expect(left({ max_price: { prompt: 2 } }, 1_000)).toContain("gamma");
  expect(left({ max_price: { prompt: 2 } }, 1_001)).not.toContain("gamma");
});

test("it is said of each endpoint what removed it first, and of each filter why", () => {
  const { excluded, reasons } = sift({ only: ["alpha", "gamma"], zdr: true });
  expect(excluded.map(({ endpoint, by }) => [endpoint.id, by])).toEqual([
    ["alpha/flex", "only"],
    ["beta/fp8", "only"],
    ["alpha", "zdr"],
    ["alpha/turbo", "zdr"],
    ["gamma", "zdr"],
  ]);
  expect(reasons).toEqual([
    "provider.only names alpha, gamma.",
    "provider.zdr is true, and of alpha, alpha/turbo, gamma it is not known that nothing is retained.",
  ]);
});
