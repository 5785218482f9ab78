import { expect } from "vitest";
import type { Gateway } from "./gateway";

export type Asked = { stream?: boolean; order?: string[]; signal?: AbortSignal; body?: object };

/** Asks a gateway for a completion; the response as it comes. */
export const ask = (
  { url, key }: Gateway,
  model: string,
  { stream = true, order, signal, body }: Asked = {},
): Promise<Response> =>
  fetch(`${url}/api/v1/chat/completions`, {
    method: "POST",
    signal,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({
      model: `test/${model}`,
      messages: [{ role: "user", content: "Hello" }],
      max_tokens: 100,
      stream,
      ...(order && { provider: { order } }),
      ...body,
    }),
  });

type ToldError = { code: number; message: string; metadata: Record<string, unknown> };

/** What a stream said, as a client reads it. */
export type Said = {
  text: string;
  finish: string | null;
  usage?: { cost: number };
  error?: ToldError;
  comments: number;
};

/**
 * Reads a whole stream and insists on what is promised of each: events of JSON with one id, one time and one model; at
 * most one event that says why it stopped; then one last event, which has the usage or the error; then one `[DONE]`.
 */
export function readWellEnded(stream: string): Said {
  const blocks = stream.split("\n\n");
  expect(blocks.pop(), "the last event is closed").toBe("");
  const comments = blocks.filter((block) => block.startsWith(":")).length;
  const events = blocks.filter((block) => !block.startsWith(":"));
  for (const event of events) expect(event, "one line of data").toMatch(/^data: [^\n]*$/);
  const data = events.map((event) => event.slice("data: ".length));
  expect(data.filter((text) => text === "[DONE]")).toHaveLength(1);
  expect(data.pop()).toBe("[DONE]");
  const chunks = data.map((text) => JSON.parse(text));
  const last = chunks.at(-1);
  expect(chunks.filter(({ usage, error }) => usage || error)).toEqual([last]);
  expect(new Set(chunks.map(({ id, created, model }) => `${id} ${created} ${model}`)).size).toBe(1);
  const before = chunks.slice(0, -1);
  const finishing = before.filter(({ choices }) => choices[0]?.finish_reason);
  expect(finishing.length, "it says once why it stopped").toBeLessThanOrEqual(1);
  if (finishing.length) expect(before.at(-1)).toBe(finishing[0]);
  const text = before.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
  return { text, finish: last.choices[0].finish_reason, usage: last.usage, error: last.error, comments };
}
