import type { z } from "zod";
import { AppError } from "@/lib/errors";
import type { ApiHandler, ApiReply, ApiRequest } from "@/lib/http/api-handler";
import { apiRoute } from "@/lib/http/api-route";
import { authenticate, type Caller, requireKind } from "@/lib/keys/authenticate";
import { idempotencyKeyOf, keptReply } from "./kept/reply";

/** A handler for management keys: every one works on the caller's own account and on no other. */
export const managed = (work: (request: ApiRequest, caller: Caller) => Promise<ApiReply>): ApiHandler =>
  apiRoute(async (request) => {
    const caller = await authenticate(request.header);
    requireKind(caller, "management");
    return once(request, caller, work);
  });

/** A write under an Idempotency-Key is done once, and whoever asks again has the same answer. */
export async function once(
  request: ApiRequest,
  caller: Caller,
  work: (request: ApiRequest, caller: Caller) => Promise<ApiReply>,
): Promise<ApiReply> {
  const idempotencyKey = request.method === "GET" ? undefined : idempotencyKeyOf(request);
  if (idempotencyKey === undefined) return work(request, caller);
  const text = await request.text();
  const again = { ...request, text: async () => text };
  return keptReply(request, caller, text, { idempotencyKey, resumable: undefined }, async () => ({
    reply: await work(again, caller),
  }));
}

/** @throws AppError `invalid_request` that names the field, and never its value */
export function parseBody<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new AppError("invalid_request", `Invalid request parameters: ${issue?.path.join(".")}: ${issue?.message}`);
}

/**
 * What stands behind the question mark, of each name the last; an empty value is as none, and names that are in no schema
 * are left alone. @throws AppError `invalid_request`
 */
export const parseQuery = <T extends z.ZodType>(schema: T, query: URLSearchParams): z.infer<T> =>
  parseBody(schema, Object.fromEntries([...query].filter(([, value]) => value !== "")));
