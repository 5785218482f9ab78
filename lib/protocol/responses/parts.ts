import { AppError } from "@/lib/errors";
import type { ContentPart } from "../chat-request";
import type { Part } from "./body";

/** Says of something that the language inside has no words for it. */
export type Unspoken = (what: string) => void;

type Text = string | null | undefined;

/** Content as parts of a message; a text stays one. */
export function toContent(content: string | Part[] | null | undefined, unspoken: Unspoken): string | ContentPart[] {
  if (typeof content === "string" || content == null) return content ?? "";
  const parts = content.flatMap((part) => toPart(part, unspoken) ?? []);
  const [first] = parts;
  // The dialects of results, and of the models themselves, know a text better than a list with one.
  return parts.length === 1 && first?.type === "text" ? first.text : parts;
}

function toPart(part: Part, unspoken: Unspoken): ContentPart | undefined {
  switch (part.type) {
    case "input_text":
    case "output_text":
    case "text":
    case "summary_text":
      return { type: "text", text: String(part.text ?? "") };
    case "input_image":
      return toImage(part.image_url as Text, part.detail as Text);
    case "input_file":
      return toFile(part as FilePart);
    case "input_audio":
      return { type: "input_audio", input_audio: part.input_audio as { data: string; format: string } };
    case "input_video":
      return { type: "video_url", video_url: { url: String(part.video_url) } };
    // Told apart from what was said where a message is put together.
    case "refusal":
      return undefined;
    default:
      unspoken(`content of type ${part.type}`);
      return undefined;
  }
}

function toImage(url: Text, detail: Text): ContentPart {
  if (!url) throw noFile("image_url");
  return { type: "image_url", image_url: { url, ...(detail && { detail }) } };
}

type FilePart = { filename?: Text; file_data?: Text; file_url?: Text };

function toFile({ filename, file_data, file_url }: FilePart): ContentPart {
  const data = file_data ?? file_url;
  if (!data) throw noFile("file_data or file_url");
  return { type: "file", file: { file_data: data, ...(filename && { filename }) } };
}

const noFile = (instead: string) =>
  new AppError("invalid_request", `Files are not stored here, so none has a file_id: send its ${instead}.`);

export const refusalIn = (content: string | Part[] | null | undefined): string | undefined =>
  Array.isArray(content)
    ? content
        .flatMap((part) => (part.type === "refusal" && typeof part.refusal === "string" ? [part.refusal] : []))
        .join("") || undefined
    : undefined;
