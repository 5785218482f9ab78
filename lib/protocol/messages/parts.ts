import type { ContentPart } from "../chat-request";
import type { DocumentBlock, ImageBlock, UnderstoodBlock, UnknownBlock } from "./body";

/** Says what there are no words for; the caller's request can then go to Anthropic's own upstreams only. */
export type Unspoken = (what: string) => void;

/** Content as the language inside has it: with the marks of the cache, and without what it has no words for. */
export function toParts(content: string | UnknownBlock[] | null | undefined, unspoken: Unspoken): ContentPart[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  return ((content ?? []) as UnderstoodBlock[]).flatMap((block) => {
    const { cache_control: mark } = block;
    const parts = toPlainParts(block, unspoken);
    const last = parts.at(-1);
    return mark && last ? [...parts.slice(0, -1), { ...last, cache_control: mark }] : parts;
  });
}

function toPlainParts(block: UnderstoodBlock, unspoken: Unspoken): ContentPart[] {
  switch (block.type) {
    case "text":
      return [{ type: "text", text: block.text }];
    case "image":
      return toImage(block, unspoken);
    case "document":
      return toDocument(block, unspoken);
    case "search_result":
      return [{ type: "text", text: `${block.title}\n${block.source}` }, ...toParts(block.content, unspoken)];
    case "tool_addition":
    case "tool_removal":
      return [];
    default:
      unspoken(`content of type ${block.type}`);
      return [];
  }
}

function toImage({ source }: ImageBlock, unspoken: Unspoken): ContentPart[] {
  if (source.type !== "file") return [{ type: "image_url", image_url: { url: toUrl(source) } }];
  unspoken("images by file_id");
  return [];
}

type Linked = Extract<ImageBlock["source"], { type: "base64" | "url" }>;

const toUrl = (source: Linked) =>
  source.type === "url" ? source.url : `data:${source.media_type};base64,${source.data}`;

function toDocument({ source, title, context }: DocumentBlock, unspoken: Unspoken): ContentPart[] {
  const about = [title, context].filter(Boolean).join("\n");
  const headed = about ? [{ type: "text" as const, text: about }] : [];
  switch (source.type) {
    case "text":
      return [...headed, { type: "text", text: source.data }];
    case "content":
      return [...headed, ...toParts(source.content, unspoken)];
    case "file":
      unspoken("documents by file_id");
      return [];
    default:
      return [...headed, { type: "file", file: { filename: title ?? "document.pdf", file_data: toUrl(source) } }];
  }
}
