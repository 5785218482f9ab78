import type { ResponseInputContent, ResponseInputImage } from "openai/resources/responses/responses";
import { AppError } from "@/lib/errors";
import type { ContentPart } from "@/lib/protocol/chat-request";
import { isHttpUrl, readDataUrl } from "../data-url";

/** @throws AppError `invalid_request` for a kind of content that this API does not take. */
export function toInputPart(part: ContentPart): ResponseInputContent {
  switch (part.type) {
    case "text":
      return { type: "input_text", text: part.text };
    case "image_url": {
      const { url, detail } = part.image_url;
      return { type: "input_image", image_url: url, detail: (detail ?? "auto") as ResponseInputImage["detail"] };
    }
    case "file":
      return toFile(part.file.file_data ?? "", part.file.filename);
    default:
      throw new AppError("invalid_request", `This model takes no content of type ${part.type}`);
  }
}

/** A link has no name: OpenAI refuses the two together. Ids are not passed on, the files behind them are the operator's. */
function toFile(url: string, filename: string | null | undefined): ResponseInputContent {
  if (isHttpUrl(url)) return { type: "input_file", file_url: url };
  const data = readDataUrl(url);
  if (!data) throw new AppError("invalid_request", "A file must be a data: URL or an http(s) link");
  return {
    type: "input_file",
    filename: filename ?? "file",
    file_data: `data:${data.mediaType};base64,${data.base64}`,
  };
}
