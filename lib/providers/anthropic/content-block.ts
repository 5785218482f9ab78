import type { ContentBlockParam, DocumentBlockParam, ImageBlockParam } from "@anthropic-ai/sdk/resources/messages";
import { AppError } from "@/lib/errors";
import type { ContentPart } from "@/lib/protocol/chat-request";
import { isHttpUrl, readDataUrl } from "../data-url";
import { cacheControlOf } from "./cache-control";

/**
 * One part of a message; undefined for empty text, which Anthropic refuses.
 *
 * @throws AppError `invalid_request` for a kind of content that Anthropic does not take.
 */
export function toBlock(part: ContentPart): ContentBlockParam | undefined {
  const block = toPlainBlock(part);
  const cacheControl = cacheControlOf(part);
  return block && cacheControl ? { ...block, cache_control: cacheControl } : block;
}

type PlainBlock = Extract<ContentBlockParam, { type: "text" | "image" | "document" }>;

function toPlainBlock(part: ContentPart): PlainBlock | undefined {
  switch (part.type) {
    case "text":
      return part.text.trim() === "" ? undefined : { type: "text", text: part.text };
    case "image_url":
      return toMedia(part.image_url.url, "image");
    case "file":
      return withTitle(toMedia(part.file.file_data ?? "", "document"), part.file.filename);
    default:
      throw new AppError("invalid_request", `This model takes no content of type ${part.type}`);
  }
}

type Image = ImageBlockParam;

/** @param kind what a link without a type of its own points to */
function toMedia(url: string, kind: "image" | "document"): Image | DocumentBlockParam {
  if (isHttpUrl(url)) return { type: kind, source: { type: "url", url } } as Image | DocumentBlockParam;
  const data = readDataUrl(url);
  if (!data) throw new AppError("invalid_request", `An ${kind} must be a data: URL or an http(s) link`);
  if (data.mediaType.startsWith("image/")) {
    const mediaType = (data.mediaType === "image/jpg" ? "image/jpeg" : data.mediaType) as "image/png";
    return { type: "image", source: { type: "base64", media_type: mediaType, data: data.base64 } };
  }
  if (data.mediaType === "application/pdf") {
    return { type: "document", source: { type: "base64", media_type: "application/pdf", data: data.base64 } };
  }
  if (data.mediaType.startsWith("text/")) {
    const text = Buffer.from(data.base64, "base64").toString("utf8");
    return { type: "document", source: { type: "text", media_type: "text/plain", data: text } };
  }
  throw new AppError("invalid_request", `This model takes no files of type ${data.mediaType}`);
}

const withTitle = (block: Image | DocumentBlockParam, title: string | null | undefined): Image | DocumentBlockParam =>
  title && block.type === "document" ? { ...block, title } : block;
