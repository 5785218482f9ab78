import { AppError } from "@/lib/errors";

export type InlineData = { mediaType: string; base64: string };

/**
 * The content of a `data:` URL, or undefined for any other. Content that is not base64 is made so.
 *
 * @throws AppError `invalid_request`
 */
export function readDataUrl(url: string): InlineData | undefined {
  if (!/^data:/i.test(url)) return undefined;
  const comma = url.indexOf(",");
  if (comma < 0) return undefined;
  const [type = "", ...parameters] = url.slice("data:".length, comma).split(";");
  const content = url.slice(comma + 1);
  const isBase64 = parameters.some((parameter) => parameter.trim().toLowerCase() === "base64");
  return { mediaType: type.trim().toLowerCase() || "text/plain", base64: isBase64 ? content : toBase64(content) };
}

function toBase64(percentEncoded: string): string {
  try {
    return Buffer.from(decodeURIComponent(percentEncoded)).toString("base64");
  } catch (error) {
    throw new AppError("invalid_request", "A data: URL is neither base64 nor percent-encoded", { cause: error });
  }
}

export const isHttpUrl = (url: string) => /^https?:\/\//i.test(url) && URL.canParse(url);
