import type { PromptSize } from "./prompt-size";

export function addMedium(size: Pick<PromptSize, "images" | "media">, medium: Medium) {
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
export function mediumOf(url: string): Medium {
  const type = /^data:([a-z]+)\//i.exec(url)?.[1]?.toLowerCase();
  if (type) return type === "image" || type === "audio" || type === "video" ? type : "file";
  if (url.startsWith("data:")) return "file";
  const path = url.split(/[?#]/, 1)[0] ?? "";
  return EXTENSIONS.find(([, extension]) => extension.test(path))?.[0] ?? "image";
}
