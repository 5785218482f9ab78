import { type ChatRequest, NATIVE } from "@/lib/protocol/chat-request";

/** Text longer than this is not tokenized at a stroke: a tokenizer is quadratic in some scripts, and there are other callers. */
const PIECE = 1_000;

/** OpenAI's own tokenizer; other companies' count up to this many times as much for the same text. */
const MARGINS: Record<string, number> = { GPT: 1.1 };
const OTHER_MARGIN = 2;

/** What they count in the languages and the code that most prompts are written in. */
const LIKELY_MARGIN = 1.25;

/**
 * Tokens of a text by OpenAI's newest public tokenizer. Exact for its models; for the others' the nearest thing at hand,
 * which is why it is an estimate in a bill and wants a margin in a bound.
 */
export async function countTokens(text: string): Promise<number> {
  const { countTokens: count } = await import("gpt-tokenizer/encoding/o200k_base");
  let tokens = 0;
  for (let at = 0; at < text.length; at += PIECE) {
    tokens += count(text.slice(at, at + PIECE), { disallowedSpecial: new Set() });
    if (at + PIECE < text.length) await new Promise(setImmediate);
  }
  return tokens;
}

/** So that the first answer which has to be counted does not hold up all others for as long as that takes. */
export const loadTokenizer = (): Promise<number> => countTokens("Any words.");

/** Tokens of everything in a request that becomes prompt text. */
export const countPromptTokens = (request: ChatRequest): Promise<number> => countTokens(promptText(request));

/** A bound for every one of the models' tokenizers, for when one token a byte does not fit what is left of the balance. */
export async function boundByTokenizer(request: ChatRequest, tokenizers: readonly string[]): Promise<number> {
  const margin = Math.max(...tokenizers.map((tokenizer) => MARGINS[tokenizer] ?? OTHER_MARGIN));
  return Math.ceil((await countPromptTokens(request)) * margin);
}

/** What the most talkative of the models' tokenizers is likely to make of it. */
export async function likelyTokens(request: ChatRequest, tokenizers: readonly string[]): Promise<number> {
  const margin = tokenizers.every((tokenizer) => tokenizer in MARGINS) ? 1 : LIKELY_MARGIN;
  return Math.ceil((await countPromptTokens(request)) * margin);
}

function promptText(request: ChatRequest): string {
  const texts: string[] = [];
  for (const message of request.messages) {
    if (typeof message.content === "string") texts.push(message.content);
    else for (const part of message.content ?? []) if (part.type === "text") texts.push(part.text);
    const { content: _content, role: _role, ...rest } = message;
    if (Object.keys(rest).length > 0) texts.push(JSON.stringify(rest));
  }
  if (request.tools) texts.push(JSON.stringify(request.tools));
  if (request.response_format) texts.push(JSON.stringify(request.response_format));
  // What the language inside has no words for stands only there; the rest of it then counts twice.
  const native = request[NATIVE];
  if (native?.unspoken.length) texts.push(JSON.stringify(native.body));
  return texts.join("\n");
}
