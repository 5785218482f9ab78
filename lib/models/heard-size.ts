import { addMedium, mediumOf } from "./media";
import { TOKENS_PER_OWN_TOOL } from "./native-size";
import type { PromptSize } from "./prompt-size";

/** Tools that are described in the request itself. */
const DESCRIBED = new Set(["function", "custom", "namespace"]);

/**
 * Adds what a request of OpenAI's Responses API holds beyond its translation: that has most of it, in other words, so
 * the larger of the two bounds both.
 */
export function addHeard(size: PromptSize, body: Record<string, unknown>): void {
  const media = { images: 0, media: size.media };
  const text = JSON.stringify(body, (name, value) => {
    if (typeof value !== "string") return value;
    if (name === "image_url") addMedium(media, mediumOf(value));
    else if (name === "file_data" || name === "file_url") media.media.add("file");
    else return value;
    return "";
  });
  size.bytes = Math.max(size.bytes, Buffer.byteLength(text));
  size.images = Math.max(size.images, media.images);
  const tools = Array.isArray(body.tools) ? body.tools : [];
  size.hidden += tools.filter(({ type }) => !DESCRIBED.has(type)).length * TOKENS_PER_OWN_TOOL;
}
