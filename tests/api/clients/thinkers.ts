import { SIGNATURES, THOUGHTS } from "./upstream/acts";
import type { Json } from "./upstream/wire-format";

/**
 * A model that thinks for each wire format, and where its upstream wants to see its signed thought again. For OpenAI's
 * an open one: OpenAI itself counts the thoughts of its own, but shows them only in its Responses API.
 */
export const THINKERS = [
  {
    format: "OpenAI",
    model: "openai/gpt-oss-20b",
    signed: undefined,
    thoughtIn: (_: Json) => undefined,
  },
  {
    format: "Anthropic",
    model: "anthropic/claude-sonnet-4.5",
    signed: { type: "thinking", thinking: THOUGHTS.call, signature: SIGNATURES.call },
    thoughtIn: (request: Json) => request.messages[1].content[0],
  },
  {
    format: "Gemini",
    model: "google/gemini-2.5-flash",
    signed: SIGNATURES.call,
    thoughtIn: (request: Json) => request.contents[1].parts.find((part: Json) => part.functionCall)?.thoughtSignature,
  },
] as const;
