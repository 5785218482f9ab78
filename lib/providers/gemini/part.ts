import type { Part } from "@google/genai";
import { AppError } from "@/lib/errors";
import type { ContentPart } from "@/lib/protocol/chat-request";
import { isHttpUrl, readDataUrl } from "../data-url";

/** @throws AppError `invalid_request` for a link that Gemini cannot or must not follow. */
export function toPart(part: ContentPart): Part {
  switch (part.type) {
    case "text":
      return { text: part.text };
    case "image_url":
      return toPicture(part.image_url.url);
    case "input_audio":
      return { inlineData: { mimeType: toAudioType(part.input_audio.format), data: part.input_audio.data } };
    case "file":
      return toMedia(part.file.file_data ?? "");
    default:
      return toMedia(part.video_url.url);
  }
}

function toAudioType(format: string): string {
  const name = format.toLowerCase();
  return `audio/${name.startsWith("pcm") ? "pcm" : name}`;
}

/** What is sent as a picture is held for as one: a link that is not named otherwise is taken for nothing else. */
export function toPicture(url: string): Part {
  const part = toMedia(url);
  if (part.fileData) part.fileData.mimeType ??= "image/jpeg";
  return part;
}

export function toMedia(url: string): Part {
  const data = readDataUrl(url);
  if (data) return { inlineData: { mimeType: data.mediaType, data: data.base64 } };
  if (!isHttpUrl(url) || isGoogleFile(url)) {
    throw new AppError("invalid_request", "A file must be a data: URL or a public http(s) link");
  }
  const mimeType = mediaTypeOf(url);
  return { fileData: { fileUri: url, ...(mimeType && { mimeType }) } };
}

/** Files that were uploaded with the operator's key are not for his callers. */
const isGoogleFile = (url: string) => new URL(url).hostname.endsWith("googleapis.com");

const mediaTypes: Record<string, string | undefined> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
  pdf: "application/pdf",
  mp4: "video/mp4",
  mov: "video/quicktime",
  webm: "video/webm",
  mpeg: "video/mpeg",
  mp3: "audio/mp3",
  wav: "audio/wav",
};

function mediaTypeOf(url: string): string | undefined {
  const extension = /\.(\w+)$/.exec(new URL(url).pathname)?.[1];
  return extension && mediaTypes[extension.toLowerCase()];
}
