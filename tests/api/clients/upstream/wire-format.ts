import type { Act } from "./acts";

/** How one provider writes what its model does. */
export type WireFormat = {
  /** Which requests are for it, and whether they want a stream. */
  matches: (path: string, body: Json) => { stream: boolean } | undefined;
  /** Whether the request has the model think, and show its thoughts. */
  thinks: (body: Json) => boolean;
  hasTools: (body: Json) => boolean;
  whole: (act: Act) => unknown;
  /** The events of a stream up to its end, each as text. */
  events: (act: Act) => string[];
  finish: (act: Act) => string[];
  /** The body of an answer with this status. */
  refusal: (status: number, message: string) => unknown;
  /** The event that ends a stream with an error. */
  error: () => string;
};

// biome-ignore lint/suspicious/noExplicitAny: a request in one of three forms, read field by field
export type Json = any;

/** The same amounts in every format: 11 in, 9 out, of which 4 are thoughts where it thinks. */
export const USAGE = { prompt: 11, completion: 9, reasoning: 4 };

/** An event as OpenAI and Google write it. */
export const data = (event: unknown) => `data: ${JSON.stringify(event)}\n\n`;
export const reasoningOf = (act: Act) => (act.thought ? USAGE.reasoning : 0);
