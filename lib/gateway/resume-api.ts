import { z } from "zod";
import { findKeptStream } from "@/db/queries/kept-answers";
import { AppError } from "@/lib/errors";
import type { ApiHandler } from "@/lib/http/api-handler";
import { apiRoute } from "@/lib/http/api-route";
import { authenticate, requireKind } from "@/lib/keys/authenticate";
import { chatEvent } from "@/lib/protocol/chat/reply";
import { followKept } from "./kept/follow";
import { parseQuery } from "./managed";
import type { Operation } from "./operation";
import { PROCESSING } from "./serve";

const resumeQuery = z.object({
  last_event_id: z.coerce
    .number<string>()
    .int()
    .min(0)
    .max(1_000_000_000)
    .optional()
    .describe("For who cannot send `Last-Event-ID`, which goes before it"),
});

/** GET /api/v1/generation/{id}/stream: goes on with a stream whose caller lost its connection. */
export const resumeStream: ApiHandler = apiRoute(async ({ path, query, header, signal }) => {
  const caller = await authenticate(header);
  requireKind(caller, "inference");
  const id = /\/generation\/([^/]+)\/stream$/.exec(path)?.[1] ?? "";
  const { last_event_id: after = 0 } = parseQuery(
    resumeQuery,
    new URLSearchParams({ last_event_id: header("last-event-id") ?? query.get("last_event_id") ?? "" }),
  );
  const kept = await findKeptStream(caller.accountId, caller.keyId, id);
  if (!kept) throw new AppError("not_found", "There is no stream of this id to go on with.");
  return { ...(await followKept(kept, signal, after)), meanwhile: PROCESSING };
});

export const resumeOperations: Operation[] = [
  {
    at: "GET /generation/{id}/stream",
    id: "resumeStream",
    tag: "Account",
    access: "inference",
    summary: "Go on with a stream whose connection was lost",
    description:
      "For a stream that was asked for with `X-OpenRouter-Resumable: true`, whose events have ids. Its id is in `X-Generation-Id`. What comes after the event of `Last-Event-ID` is sent, and the rest as it comes, in the dialect that was asked in; for ten minutes after its end, and to the API key that asked. The answer is charged once.",
    query: resumeQuery,
    event: chatEvent,
    errors: ["conflict", "service_unavailable"],
    example: { path: { id: "$STREAMED_GENERATION_ID" } },
  },
];
