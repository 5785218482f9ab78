import type { z } from "zod";
import type { ErrorType } from "@/lib/errors";

/** Who may ask: anyone, the bearer of either kind of key, or of one of the two. */
export type Access = "public" | "any key" | "inference" | "management";

export type Tag =
  | "Chat"
  | "Messages"
  | "Embeddings"
  | "Models"
  | "Presets"
  | "Keys"
  | "Guardrails"
  | "Account"
  | "Provider keys"
  | "Sign in with a key";

/**
 * An endpoint of the public API as its document describes it, made of the schemas that read its requests and of those
 * that its answers are typed by. It stands beside its handler; `operations.ts` has a line for each list.
 */
export type Operation = {
  /** Its method and its path below /api/v1: `GET /keys/{hash}` */
  at: `${"GET" | "POST" | "PATCH" | "PUT" | "DELETE"} /${string}`;
  /** Unique; what generated clients call it. */
  id: string;
  tag: Tag;
  access: Access;
  summary: string;
  description?: string;
  query?: z.ZodObject;
  body?: z.ZodType;
  status?: 200 | 201;
  /** None where a stream is all there is. */
  reply?: z.ZodType;
  /** One event of the stream that is sent instead when it is asked for. */
  event?: z.ZodType;
  /** How a refusal looks, where it is not OpenRouter's envelope. */
  failure?: z.ZodType;
  /** What it may be refused with beside what its access and its parts imply. */
  errors?: ErrorType[];
  /** What its example asks with; each `$NAME` is a variable of the reader's shell. */
  example: { path?: Record<string, string>; query?: Record<string, string>; body?: object };
};
