/** A picture or a document that goes with a prompt. `url` is a data: URL, which is how the wire carries it too. */
export type Attachment = { id: string; kind: "image" | "pdf"; name: string; url: string; bytes: number };

export type UserMessage = { id: string; role: "user"; text: string; attachments: Attachment[] };

export type ToolMessage = { id: string; role: "tool"; callId: string; name: string; text: string };

/** `arguments` is JSON once it is whole. */
export type ToolCall = { index: number; id: string; name: string; arguments: string };

/** What a provider must be given back unchanged; its shape is the provider's. */
export type ReasoningDetail = { type: string; index?: number; [field: string]: unknown };

/** Why an answer is not there, or not whole. */
export type Failure = {
  /** The HTTP status, or 0 when there was no answer to have one. */
  status: number;
  type: string;
  message: string;
  provider?: string;
  /** Seconds after which the same may succeed. */
  retryAfter?: number;
};

export type Usage = {
  promptTokens: number;
  completionTokens: number;
  reasoningTokens: number;
  cachedTokens: number;
  /** US dollars, exact, as a decimal text. */
  cost: string;
};

export type Answer = {
  id: string;
  role: "assistant";
  /** The slug that was asked for. */
  model: string;
  status: "streaming" | "done" | "stopped" | "failed";
  text: string;
  refusal: string;
  reasoning: string;
  reasoningDetails: ReasoningDetail[];
  toolCalls: ToolCall[];
  /** Pictures that the model made. */
  images: string[];
  provider?: string;
  finishReason?: string;
  generationId?: string;
  usage?: Usage;
  failure?: Failure;
  /** From the moment of asking. */
  firstTokenMs?: number;
  totalMs?: number;
};

export type Message = UserMessage | ToolMessage | Answer;

export const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;

/** As typed: what is wrong with it is said beside the field, and nothing is lost. An empty text leaves it to the model. */
export type Settings = {
  system: string;
  temperature: string;
  topP: string;
  maxTokens: string;
  seed: string;
  effort: (typeof EFFORTS)[number] | "";
  format: "text" | "json_object" | "json_schema";
  /** JSON. */
  schema: string;
  /** JSON. */
  tools: string;
};

export const NO_SETTINGS: Settings = {
  system: "",
  temperature: "",
  topP: "",
  maxTokens: "",
  seed: "",
  effort: "",
  format: "text",
  schema: "",
  tools: "",
};

/** One model's conversation. It has settings of its own, or those of the chat. */
export type Column = { id: string; model: string; settings: Settings | null; messages: Message[] };

export const MOST_COLUMNS = 4;

/** Conversations side by side. Times are milliseconds since 1970. */
export type Chat = {
  id: string;
  title: string;
  createdAt: number;
  updatedAt: number;
  settings: Settings;
  columns: Column[];
};

/** Browsers have no `randomUUID` outside https and loopback. */
export const newId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export const newColumn = (model: string): Column => ({ id: newId(), model, settings: null, messages: [] });

export function newChat(models: string[], now = Date.now()): Chat {
  return {
    id: newId(),
    title: "",
    createdAt: now,
    updatedAt: now,
    settings: NO_SETTINGS,
    columns: models.slice(0, MOST_COLUMNS).map(newColumn),
  };
}

export const newAnswer = (model: string): Answer => ({
  id: newId(),
  role: "assistant",
  model,
  status: "streaming",
  text: "",
  refusal: "",
  reasoning: "",
  reasoningDetails: [],
  toolCalls: [],
  images: [],
});

export const isStreaming = ({ messages }: Column): boolean =>
  messages.some((message) => message.role === "assistant" && message.status === "streaming");

const TITLE_LENGTH = 60;

/** The title it was given, or else the first line of the first prompt. */
export function titleOf({ title, columns }: Chat): string {
  if (title) return title;
  const first = columns.flatMap(({ messages }) => messages).find(({ role }) => role === "user") as
    | UserMessage
    | undefined;
  const line = first?.text.trim().split("\n", 1)[0] || first?.attachments[0]?.name || "New chat";
  return line.length > TITLE_LENGTH ? `${line.slice(0, TITLE_LENGTH - 1).trimEnd()}…` : line;
}
