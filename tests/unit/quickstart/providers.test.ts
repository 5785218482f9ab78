import { expect, it } from "vitest";
import { sortProviders, standInVariables } from "../../../scripts/quickstart/providers.mjs";

const namesFor = (env: Record<string, string>) => {
  const { real, madeUp } = sortProviders(env);
  return { real: real.map(({ name }) => name), madeUp: madeUp.map(({ name }) => name) };
};

it.each([
  [{}, { real: [], madeUp: ["OpenAI", "Anthropic", "Google"] }],
  [{ OPENAI_API_KEY: "" }, { real: [], madeUp: ["OpenAI", "Anthropic", "Google"] }],
  [{ ANTHROPIC_API_KEY: "x" }, { real: ["Anthropic"], madeUp: ["OpenAI", "Google"] }],
  [{ OPENAI_BASE_URL: "http://localhost:11434/v1" }, { real: ["OpenAI"], madeUp: ["Anthropic", "Google"] }],
  [{ DATABASE_URL: "postgres://x/y" }, { real: [], madeUp: [] }],
  [
    { DATABASE_URL: "postgres://x/y", GOOGLE_API_KEY: "x" },
    { real: ["Google"], madeUp: [] },
  ],
])("with %j", (env: Record<string, string>, sorted) => {
  expect(namesFor(env)).toEqual(sorted);
});

it("points only the providers without a key at a stand-in", () => {
  const { madeUp } = sortProviders({ OPENAI_API_KEY: "sk-real" });
  expect(standInVariables(madeUp, { openai: "http://o", anthropic: "http://a", google: "http://g" })).toEqual({
    ANTHROPIC_API_KEY: "stand-in",
    ANTHROPIC_BASE_URL: "http://a",
    GOOGLE_API_KEY: "stand-in",
    GOOGLE_GEMINI_BASE_URL: "http://g",
  });
});
