import type { Native } from "@/lib/protocol/chat-request";
import { addMedium, mediumOf } from "./media";
import type { PromptSize } from "./prompt-size";

/** The hidden prompt with which a provider explains one of its own tools; of a set of tools, all of them. */
export const TOKENS_PER_OWN_TOOL = 4_096;

type Json = Record<string, unknown>;

/**
 * What is sent as the caller wrote it, counted as it stands: all of it is prompt text, whatever a block is called, but
 * for pictures and files where they are such. With the JSON around it, it bounds its translation too.
 */
export function nativeSize({ body }: Native): PromptSize {
  const { system, messages, ...rest } = body;
  const tools = Array.isArray(rest.tools) ? rest.tools : [];
  const size: PromptSize = {
    bytes: 0,
    prompts: 1,
    longest: 0,
    images: 0,
    media: new Set(),
    cacheMarks: false,
    hasTools: tools.length > 0 || rest.output_config !== undefined || rest.output_format !== undefined,
    hidden: tools.filter(({ type }) => type && type !== "custom").length * TOKENS_PER_OWN_TOOL,
  };
  addText(size, rest);
  addContent(size, system);
  for (const message of messages as Json[]) addContent(size, message.content);
  return { ...size, longest: size.bytes };
}

function addContent(size: PromptSize, content: unknown): void {
  if (Array.isArray(content)) for (const block of content) addBlock(size, block);
  else if (content != null) addText(size, content);
}

function addBlock(size: PromptSize, block: Json): void {
  const { source, content, ...rest } = block;
  if (block.type === "image") {
    addText(size, rest);
    addMedium(size, mediumOf(urlOf(source as Json)));
  } else if (block.type === "document") {
    addText(size, rest);
    addSource(size, source as Json);
  } else if (block.type === "tool_result") {
    addText(size, rest);
    addContent(size, content);
  } else {
    if (block.type === "tool_addition") size.hidden += TOKENS_PER_OWN_TOOL;
    addText(size, block);
  }
}

const urlOf = ({ type, media_type, url }: Json) => String(type === "base64" ? `data:${media_type}` : url);

function addSource(size: PromptSize, source: Json): void {
  if (source.type === "text") addText(size, source);
  else if (source.type === "content") addContent(size, source.content);
  else size.media.add("file");
}

function addText(size: PromptSize, value: unknown): void {
  const json = JSON.stringify(value);
  size.bytes += Buffer.byteLength(json);
  size.cacheMarks ||= json.includes('"cache_control"');
  // Of whatever it is called, the size is known only where it lies.
  if (json.includes('"file_id"')) size.media.add("file");
}
