import type { ChatRequest, ContentPart } from "@/lib/protocol/chat-request";

/** What a request sends, as far as it costs: the base of the hold. */
export type PromptSize = {
  /** Bytes of everything that becomes prompt text, and of the JSON around it. No tokenizer makes more tokens of it. */
  bytes: number;
  /** How many prompts it is: a conversation is one; of inputs to embed, each is one. And the bytes of the longest. */
  prompts: number;
  longest: number;
  images: number;
  /** What else than text and images is sent: of a size that only the provider knows. */
  media: Set<"file" | "audio" | "video">;
  /** Marks of Anthropic's prompt cache, whose writes cost more than plain input. */
  cacheMarks: boolean;
  hasTools: boolean;
};

/** The dearest that the three companies make of one image (Gemini and Claude tile large ones; OpenAI's high detail). */
export const MOST_TOKENS_PER_IMAGE = 4_000;
/** What providers add around one message, beyond its own text. */
const TOKENS_PER_MESSAGE = 16;
/** The hidden prompt with which a provider explains tools to its model, and the frame of the answer's format. */
const TOKENS_FOR_TOOLS = 1_024;
const TOKENS_PER_REQUEST = 64;

/** @param apart every message is a prompt by itself */
export function promptSize(request: ChatRequest, apart = false): PromptSize {
  const size: PromptSize = {
    bytes: 0,
    prompts: apart ? request.messages.length : 1,
    longest: 0,
    images: 0,
    media: new Set(),
    cacheMarks: "cache_control" in request,
    hasTools: Boolean(request.tools?.length || request.response_format),
  };
  for (const message of request.messages) {
    const before = size.bytes;
    if (typeof message.content === "string") size.bytes += Buffer.byteLength(message.content);
    else for (const part of message.content ?? []) addPart(size, part);
    for (const url of picturesOf(message)) addMedium(size, mediumOf(url));
    const { content: _content, role: _role, ...rest } = message;
    if (Object.keys(rest).length > 0) size.bytes += jsonBytes(rest);
    size.longest = Math.max(size.longest, size.bytes - before);
  }
  if (request.tools) {
    size.bytes += jsonBytes(request.tools);
    size.cacheMarks ||= request.tools.some((tool) => "cache_control" in tool || "cache_control" in tool.function);
  }
  if (request.response_format) size.bytes += jsonBytes(request.response_format);
  if (!apart) size.longest = size.bytes;
  return size;
}

/** Never fewer than the provider will count. */
export function mostPromptTokens(request: ChatRequest, size: PromptSize, textTokens = size.bytes): number {
  return (
    textTokens +
    size.images * MOST_TOKENS_PER_IMAGE +
    request.messages.length * TOKENS_PER_MESSAGE +
    (size.hasTools ? TOKENS_FOR_TOOLS : 0) +
    TOKENS_PER_REQUEST
  );
}

/** Pictures that a model made in an earlier turn go back to it, where it takes them. */
function picturesOf(message: ChatRequest["messages"][number]): string[] {
  const images = "images" in message && Array.isArray(message.images) ? message.images : [];
  return images.flatMap((image) => (typeof image?.image_url?.url === "string" ? [image.image_url.url] : []));
}

function addPart(size: PromptSize, part: ContentPart) {
  size.cacheMarks ||= "cache_control" in part;
  if (part.type === "text") size.bytes += Buffer.byteLength(part.text);
  else if (part.type === "image_url") addMedium(size, mediumOf(part.image_url.url));
  else if (part.type === "file") size.media.add("file");
  else size.media.add(part.type === "input_audio" ? "audio" : "video");
}

function addMedium(size: PromptSize, medium: Medium) {
  if (medium === "image") size.images += 1;
  else size.media.add(medium);
}

type Medium = "image" | "file" | "audio" | "video";

/** Links whose name says that they are no picture, whatever part they stand in. */
const EXTENSIONS: [Medium, RegExp][] = [
  ["video", /\.(mp4|m4v|mov|webm|mpe?g|avi|mkv|3gp|wmv|flv)$/i],
  ["audio", /\.(mp3|wav|aac|aiff?|ogg|flac|m4a|opus)$/i],
  ["file", /\.(pdf|txt|md|csv|json|html?|xml|docx?|xlsx?|pptx?)$/i],
];

/** What is truly sent where a picture is named: providers go by the type of the data, and by the name of a link. */
function mediumOf(url: string): Medium {
  const type = /^data:([a-z]+)\//i.exec(url)?.[1]?.toLowerCase();
  if (type) return type === "image" || type === "audio" || type === "video" ? type : "file";
  if (url.startsWith("data:")) return "file";
  const path = url.split(/[?#]/, 1)[0] ?? "";
  return EXTENSIONS.find(([, extension]) => extension.test(path))?.[0] ?? "image";
}

const jsonBytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
