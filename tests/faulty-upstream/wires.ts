/** The formats in which upstreams answer. */
export const WIRE_NAMES = ["openai", "openai-responses", "anthropic", "google"] as const;
export type WireName = (typeof WIRE_NAMES)[number];

/** One streamed answer is `lead`, a `word` for each word, `finish`, `usage` and `end`; what a format has not is empty. */
export type Wire = {
  lead: string;
  word: (text: string) => string;
  /** Why it stopped; with the usage, where the format tells both at once. */
  finish: (usage: boolean) => string;
  usage: string;
  end: string;
  /** An event that tells nothing. */
  noise: string;
  /** An error in the middle of a stream. */
  error: (message: string) => string;
  whole: (text: string) => object;
  /** The body of a refusal. */
  refusal: (status: number, message: string, word?: string) => object;
};

/** What every answer counts, unless it counts nothing. */
export const INPUT_TOKENS = 7;
export const OUTPUT_TOKENS = 3;
export const WORDS = ["One ", "two ", "three"];

const event = (value: object) => `data: ${JSON.stringify(value)}\n\n`;
const named = (value: { type: string; [field: string]: unknown }) => `event: ${value.type}\n${event(value)}`;

const openAiUsage = {
  prompt_tokens: INPUT_TOKENS,
  completion_tokens: OUTPUT_TOKENS,
  total_tokens: INPUT_TOKENS + OUTPUT_TOKENS,
};
const chunk = (choices: object[], rest: object = {}) =>
  event({ id: "up", object: "chat.completion.chunk", created: 1, model: "up", choices, ...rest });
const choice = (delta: object, finish: string | null = null) => [{ index: 0, delta, finish_reason: finish }];

const responsesUsage = {
  input_tokens: INPUT_TOKENS,
  output_tokens: OUTPUT_TOKENS,
  total_tokens: INPUT_TOKENS + OUTPUT_TOKENS,
};
const response = (status: string, output: object[] = [], usage?: object) => ({
  id: "resp_up",
  object: "response",
  created_at: 1,
  model: "up",
  status,
  output,
  ...(usage && { usage }),
});
const item = (text: string) => ({
  id: "msg_up",
  type: "message",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text, annotations: [] }],
});

const message = (content: object[], usage?: object) => ({
  id: "msg_up",
  type: "message",
  role: "assistant",
  model: "up",
  content,
  stop_reason: null as string | null,
  ...(usage && { usage }),
});

const candidate = (text: string, finish?: string, usage?: boolean) => ({
  candidates: [{ content: { role: "model", parts: [{ text }] }, index: 0, ...(finish && { finishReason: finish }) }],
  ...(usage && {
    usageMetadata: {
      promptTokenCount: INPUT_TOKENS,
      candidatesTokenCount: OUTPUT_TOKENS,
      totalTokenCount: INPUT_TOKENS + OUTPUT_TOKENS,
    },
  }),
});

const openAiError = (text: string, word: string) => ({ error: { message: text, type: word, code: word, param: null } });
const words: Record<number, string | undefined> = { 401: "authentication_error", 429: "rate_limit_error" };

export const wires: Record<WireName, Wire> = {
  openai: {
    lead: chunk(choice({ role: "assistant", content: "" })),
    word: (text) => chunk(choice({ content: text })),
    finish: () => chunk(choice({}, "stop")),
    usage: chunk([], { usage: openAiUsage }),
    end: "data: [DONE]\n\n",
    noise: chunk(choice({ role: "assistant", content: "" })),
    error: (text) => event(openAiError(text, "server_error")),
    whole: (text) => ({
      id: "up",
      object: "chat.completion",
      created: 1,
      model: "up",
      choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
      usage: openAiUsage,
    }),
    refusal: (_status, text, word = "some_error") => openAiError(text, word),
  },
  "openai-responses": {
    lead:
      named({ type: "response.created", response: response("in_progress") }) +
      named({ type: "response.output_item.added", output_index: 0, item: { ...item(""), content: [] } }),
    word: (delta) =>
      named({ type: "response.output_text.delta", item_id: "msg_up", output_index: 0, content_index: 0, delta }),
    finish: (usage) =>
      named({ type: "response.completed", response: response("completed", [], usage ? responsesUsage : undefined) }),
    usage: "",
    end: "",
    noise: named({ type: "response.in_progress", response: response("in_progress") }),
    error: (text) => named({ type: "error", code: "server_error", message: text, param: null }),
    whole: (text) => response("completed", [item(text)], responsesUsage),
    refusal: (_status, text, word = "some_error") => openAiError(text, word),
  },
  anthropic: {
    lead:
      named({ type: "message_start", message: message([]) }) +
      named({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
    word: (text) => named({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } }),
    finish: (usage) =>
      named({ type: "content_block_stop", index: 0 }) +
      named({
        type: "message_delta",
        delta: { stop_reason: "end_turn" },
        ...(usage && { usage: { input_tokens: INPUT_TOKENS, output_tokens: OUTPUT_TOKENS } }),
      }),
    usage: "",
    end: named({ type: "message_stop" }),
    noise: named({ type: "ping" }),
    error: (text) => named({ type: "error", error: { type: "api_error", message: text } }),
    whole: (text) => ({
      ...message([{ type: "text", text }], { input_tokens: INPUT_TOKENS, output_tokens: OUTPUT_TOKENS }),
      stop_reason: "end_turn",
    }),
    refusal: (status, text, word) => ({
      type: "error",
      error: { type: word ?? words[status] ?? "some_error", message: text },
    }),
  },
  google: {
    lead: "",
    word: (text) => event(candidate(text)),
    finish: (usage) => event(candidate("", "STOP", usage)),
    usage: "",
    end: "",
    noise: event({ candidates: [{ content: { role: "model", parts: [] }, index: 0 }] }),
    error: (text) => event({ error: { code: 500, message: text, status: "INTERNAL" } }),
    whole: (text) => candidate(text, "STOP", true),
    refusal: (status, text, word = "SOME_ERROR") => ({ error: { code: status, message: text, status: word } }),
  },
};

/** A streamed answer, piece by piece. */
export function transcript(wire: Wire, { said = WORDS, usage = true } = {}): string[] {
  const all = [wire.lead, ...said.map(wire.word), wire.finish(usage), usage ? wire.usage : "", wire.end];
  return all.filter((piece) => piece !== "");
}

/** The pieces of it that come before its first word. */
export const leadPieces = (wire: Wire): number => (wire.lead === "" ? 0 : 1);
