import { createHash } from "node:crypto";
import type { ApiReply, ApiRequest } from "./api-handler";

/** The catalogue that a process knows is itself some seconds old. */
const SHARED = "public, max-age=15";

/** An answer that is the same for everyone: caches may keep it for a moment, and who has it is not sent it again. */
export function publicReply({ header }: Pick<ApiRequest, "header">, reply: ApiReply & { body: string }): ApiReply {
  const etag = `"${createHash("sha256").update(reply.body).digest("base64url").slice(0, 27)}"`;
  const headers = { ...reply.headers, "cache-control": SHARED, etag };
  const known = (header("if-none-match") ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (known.includes(etag) || known.includes("*")) return { status: 304, headers, body: "" };
  return { ...reply, headers };
}
