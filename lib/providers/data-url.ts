export type InlineData = { mediaType: string; base64: string };

/** The content of a `data:` URL, or undefined for any other. Content that is not base64 is made so. */
export function readDataUrl(url: string): InlineData | undefined {
  if (!/^data:/i.test(url)) return undefined;
  const comma = url.indexOf(",");
  if (comma < 0) return undefined;
  const [type = "", ...parameters] = url.slice("data:".length, comma).split(";");
  const content = url.slice(comma + 1);
  const isBase64 = parameters.some((parameter) => parameter.trim().toLowerCase() === "base64");
  const base64 = isBase64 ? content : Buffer.from(decodeURIComponent(content)).toString("base64");
  return { mediaType: type.trim().toLowerCase() || "text/plain", base64 };
}

export const isHttpUrl = (url: string) => /^https?:\/\//i.test(url);
