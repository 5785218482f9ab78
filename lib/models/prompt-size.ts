import { type ChatRequest, type ContentPart, NATIVE } from "@/lib/protocol/chat-request";
import { addHeard } from "./heard-size";
import { addMedium, mediumOf } from "./media";
import { nativeSize } from "./native-size";

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
  /** Tokens that a provider adds for what it knows by name alone. */
  hidden: number;
};

/** The dearest that the three companies make of one image (Gemini and Claude tile large ones; OpenAI's high detail). */
export const MOST_TOKENS_PER_IMAGE = 4_000;
/** What providers add around one message, beyond its own text. */
export const TOKENS_PER_MESSAGE = 16;
/** The hidden prompt with which a provider explains tools to its model, and the frame of the answer's format. */
const TOKENS_FOR_TOOLS = 1_024;
const TOKENS_PER_REQUEST = 64;

/** @param apart every message is a prompt by itself */
export function promptSize(request: ChatRequest, apart = false): PromptSize {
  const native = request[NATIVE];
  if (native?.dialect === "anthropic") return nativeSize(native);
  const size: PromptSize = {
    bytes: 0,
    prompts: apart ? request.messages.length : 1,
    longest: 0,
    images: 0,
    media: new Set(),
    cacheMarks: "cache_control" in request,
    hasTools: Boolean(request.tools?.length || request.response_format),
    hidden: 0,
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
  if (native) addHeard(size, native.body);
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
    size.hidden +
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

const jsonBytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
