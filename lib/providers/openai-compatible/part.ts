import { AppError } from "@/lib/errors";
import type { ContentPart } from "@/lib/protocol/chat-request";
import { isHttpUrl } from "../data-url";

/**
 * Without `cache_control`, and without `file_id`: the files behind such ids are the operator's.
 *
 * @throws AppError `invalid_request` for a file without content, and for a link to one where OpenAI itself is asked
 */
export function toPart(part: ContentPart, genuine: boolean): object {
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text };
    case "image_url": {
      const { url, detail } = part.image_url;
      return { type: "image_url", image_url: detail ? { url, detail: toDetail(detail, genuine) } : { url } };
    }
    case "input_audio":
      return { type: "input_audio", input_audio: { data: part.input_audio.data, format: part.input_audio.format } };
    case "file": {
      const { filename, file_data } = part.file;
      if (!file_data) throw new AppError("invalid_request", "A file is sent as file_data, a data: URL");
      if (genuine && isHttpUrl(file_data))
        throw new AppError("invalid_request", "This model takes files as data: URLs only, not as links");
      return { type: "file", file: { filename: filename ?? "file", file_data } };
    }
    default:
      return { type: "video_url", video_url: { url: part.video_url.url } };
  }
}

/** OpenAI's chat completions do not know an image in its original size. */
const toDetail = (detail: string, genuine: boolean) => (genuine && detail === "original" ? "high" : detail);
