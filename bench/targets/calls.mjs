// @ts-check

/** @typedef {import("../upstream/dialects.mjs").Dialect} Dialect */
/** @typedef {import("../load/request-bytes.mjs").Call} Call */

const SYSTEM = "You are a helpful assistant.";
const QUESTION = "Hello, who are you? ".repeat(10).trim();

/** Sent to the upstream itself or through the bare proxy, in the upstream's own dialect. */
/** @type {(baseUrl: string, dialect: Dialect, stream: boolean) => Call} */
export function nativeCall(baseUrl, dialect, stream) {
  return natives[dialect](baseUrl, stream);
}

/**
 * Sent to a gateway that speaks OpenAI's dialect, whatever is behind it.
 * @param {{ baseUrl: string, headers: Record<string, string>, model: string, stream: boolean }} target its base URL as OpenAI's clients take it
 * @returns {Call}
 */
export function openaiCall({ baseUrl, headers, model, stream }) {
  const messages = [
    { role: "system", content: SYSTEM },
    { role: "user", content: QUESTION },
  ];
  const streaming = stream ? { stream: true, stream_options: { include_usage: true } } : {};
  return { url: `${baseUrl}/chat/completions`, headers, body: { model, messages, max_tokens: 1000, ...streaming } };
}

/** @type {Record<Dialect, (baseUrl: string, stream: boolean) => Call>} */
const natives = {
  openai: (baseUrl, stream) =>
    openaiCall({ baseUrl: `${baseUrl}/v1`, headers: { authorization: "Bearer bench" }, model: "gpt-4o-mini", stream }),
  anthropic: (baseUrl, stream) => ({
    url: `${baseUrl}/v1/messages`,
    headers: { "x-api-key": "bench", "anthropic-version": "2023-06-01" },
    body: {
      model: "claude-sonnet-4-5",
      max_tokens: 1000,
      system: SYSTEM,
      messages: [{ role: "user", content: QUESTION }],
      stream,
    },
  }),
  gemini: (baseUrl, stream) => ({
    url: `${baseUrl}/v1beta/models/gemini-2.5-flash:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
    headers: { "x-goog-api-key": "bench" },
    body: {
      systemInstruction: { parts: [{ text: SYSTEM }] },
      contents: [{ role: "user", parts: [{ text: QUESTION }] }],
    },
  }),
};
