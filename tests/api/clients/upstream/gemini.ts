import type { Act } from "./acts";
import { data, reasoningOf, USAGE, type WireFormat } from "./wire-format";

export const gemini: WireFormat = {
  matches: (path) => {
    const method = /^\/v1beta\/models\/[^:]+:(generateContent|streamGenerateContent)/.exec(path)?.[1];
    return method ? { stream: method === "streamGenerateContent" } : undefined;
  },
  thinks: ({ generationConfig }) => generationConfig?.thinkingConfig?.includeThoughts === true,
  hasTools: ({ tools }) => tools?.length > 0,
  whole: (act) => last(act, parts(act)),
  events: (act) => parts(act).map((part) => data({ candidates: [candidate([part])] })),
  finish: (act) => [data(last(act, []))],
  refusal: (status, message) => ({
    error: { code: status, message, status: status === 429 ? "RESOURCE_EXHAUSTED" : "INVALID_ARGUMENT" },
  }),
  error: () => data({ error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" } }),
};

const candidate = (parts: object[]) => ({ index: 0, content: { role: "model", parts } });

const last = (act: Act, parts: object[]) => ({
  candidates: [{ ...candidate(parts), finishReason: "STOP" }],
  usageMetadata: {
    promptTokenCount: USAGE.prompt,
    candidatesTokenCount: USAGE.completion - reasoningOf(act),
    thoughtsTokenCount: reasoningOf(act),
    totalTokenCount: USAGE.prompt + USAGE.completion,
  },
});

/** Gemini signs not the thought but what comes of it: the text or the call. */
function parts({ thought, signature, text, call }: Act): object[] {
  const signed = signature ? { thoughtSignature: signature } : {};
  const all: object[] = [];
  if (thought) all.push({ text: thought, thought: true });
  if (text) all.push({ text, ...signed });
  if (call) all.push({ functionCall: { name: call.name, args: call.arguments }, ...signed });
  return all;
}
