// @ts-check
// Embeddings that mean nothing, but are the same for the same text: in the words of OpenAI and of Gemini.
import { generateDeterministicEmbedding } from "@copilotkit/aimock";

const DIMENSIONS = 1536;
const CHARACTERS_PER_TOKEN = 4;

/** @param {string} body */
export function openaiEmbeddings(body) {
  const { input, dimensions } = JSON.parse(body);
  const inputs = typeof input === "string" || typeof input?.[0] === "number" ? [input] : input;
  const tokens = inputs.reduce((/** @type {number} */ sum, /** @type {unknown} */ one) => sum + tokensIn(one), 0);
  return {
    object: "list",
    data: inputs.map((/** @type {unknown} */ one, /** @type {number} */ index) => ({
      object: "embedding",
      index,
      embedding: generateDeterministicEmbedding(String(one), dimensions ?? DIMENSIONS),
    })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** Gemini does not count what it embeds. @param {string} body */
export function geminiEmbeddings(body) {
  const { requests = [] } = JSON.parse(body);
  return {
    embeddings: requests.map((/** @type {any} */ { content, outputDimensionality }) => ({
      values: generateDeterministicEmbedding(JSON.stringify(content), outputDimensionality ?? DIMENSIONS),
    })),
  };
}

/** @param {unknown} input a text, or tokens */
const tokensIn = (input) =>
  Array.isArray(input) ? input.length : Math.ceil(String(input).length / CHARACTERS_PER_TOKEN);
