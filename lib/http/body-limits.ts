import type { Env } from "@/lib/env";
import { AppError } from "@/lib/errors";

const DEFAULT_BYTES = 20 * 1024 * 1024;

export const mostBodyBytes = (settings: Env) => settings.MAX_BODY_BYTES ?? DEFAULT_BYTES;

export const tooLarge = (most: number) =>
  new AppError("payload_too_large", `The request body is larger than ${most} bytes.`);

/** A compressed body could be a thousand times what it seems. */
export function refuseEncoding(encoding: string | null | undefined): void {
  if (encoding && encoding.toLowerCase() !== "identity")
    throw new AppError("unsupported_media_type", "Send the request body without Content-Encoding.");
}
