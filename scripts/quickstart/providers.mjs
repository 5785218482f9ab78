// @ts-check

/** @typedef {{ name: string, keyVariable: string, urlVariable: string, standIn: "openai" | "anthropic" | "google" }} Provider */

/** @type {Provider[]} */
const providers = [
  { name: "OpenAI", keyVariable: "OPENAI_API_KEY", urlVariable: "OPENAI_BASE_URL", standIn: "openai" },
  { name: "Anthropic", keyVariable: "ANTHROPIC_API_KEY", urlVariable: "ANTHROPIC_BASE_URL", standIn: "anthropic" },
  { name: "Google", keyVariable: "GOOGLE_API_KEY", urlVariable: "GOOGLE_GEMINI_BASE_URL", standIn: "google" },
];

/**
 * Which providers answer for real, and which need a stand-in. Over somebody's own database none is ever made up:
 * it may be the one that real users are on.
 * @param {Record<string, string | undefined>} env
 * @returns {{ real: Provider[], madeUp: Provider[] }}
 */
export function sortProviders(env) {
  const isReal = (/** @type {Provider} */ provider) => Boolean(env[provider.keyVariable] || env[provider.urlVariable]);
  const real = providers.filter(isReal);
  return { real, madeUp: env.DATABASE_URL ? [] : providers.filter((provider) => !isReal(provider)) };
}

/**
 * The variables that send the app to the stand-ins.
 * @param {Provider[]} madeUp
 * @param {Record<Provider["standIn"], string>} urls
 */
export function standInVariables(madeUp, urls) {
  const pairs = madeUp.flatMap(({ keyVariable, urlVariable, standIn }) => [
    [keyVariable, "stand-in"],
    [urlVariable, urls[standIn]],
  ]);
  return Object.fromEntries(pairs);
}
