import { createHash } from "node:crypto";
import { z } from "zod";
import { CHALLENGE_METHODS, issueAppCode, PKCE_TEXT, redeemAppCode } from "@/lib/auth/app-code";
import { readCallbackUrl } from "@/lib/auth/callback-url";
import { AppError } from "@/lib/errors";
import { type ApiHandler, jsonReply } from "@/lib/http/api-handler";
import { apiRoute } from "@/lib/http/api-route";
import { readJson } from "@/lib/http/read-json";
import { mintKey } from "@/lib/keys/manage";
import { moment, storable } from "@/lib/storable";
import { managed, parseBody } from "./managed";
import type { Operation } from "./operation";
import { toNanos, wireDollars } from "./wire-dollars";

const method = z.enum(CHALLENGE_METHODS);

const exchange = z.looseObject({
  code: z.string().min(1).max(200),
  code_verifier: z.string().max(200).optional().describe("What the challenge was made of"),
  code_challenge_method: method.nullish().describe("As the code was asked for with"),
});
const newCode = z.looseObject({
  callback_url: z
    .string()
    .refine((text) => readCallbackUrl(text), "must be an https address, or an http one on localhost or 127.0.0.1")
    .describe("An https address, or an http one on localhost or 127.0.0.1"),
  code_challenge: z.string().regex(PKCE_TEXT).optional(),
  code_challenge_method: method.default("S256"),
  limit: wireDollars.nullish(),
  usage_limit_type: z.enum(["daily", "weekly", "monthly"]).optional().describe("When the limit starts anew"),
  expires_at: moment.nullish(),
  key_label: storable(100).trim().optional().describe("What the key is called; else as the app's host"),
});

/** POST /api/v1/auth/keys: an app's code becomes a key of the user who consented. */
export const exchangeCode: ApiHandler = apiRoute(async (request) => {
  const { code, code_verifier, code_challenge_method } = parseBody(exchange, await readJson(request));
  const { accountId, userId, name, limitNano, reset, expiresAt } = await redeemAppCode(code, {
    verifier: code_verifier,
    method: code_challenge_method,
  });
  const { key } = await mintKey({ accountId, name, limit: limitNano, reset, expiresAt });
  return jsonReply({ key, user_id: userId } satisfies z.infer<typeof exchanged>);
});

/** POST /api/v1/auth/keys/code: a code without a consent page, for who manages the account's keys anyway. */
export const createCode = managed(async (request, { accountId }) => {
  const wanted = parseBody(newCode, await readJson(request));
  const expiresAt = wanted.expires_at ?? null;
  if (expiresAt && expiresAt.getTime() <= Date.now())
    throw new AppError("invalid_request", "Invalid request parameters: expires_at: must be in the future");
  const { origin, hostname } = new URL(wanted.callback_url);
  const { code_challenge: text, code_challenge_method: method } = wanted;
  const id = await issueAppCode(
    {
      accountId,
      userId: null,
      name: wanted.key_label || hostname,
      limitNano: toNanos(wanted.limit) ?? null,
      reset: wanted.usage_limit_type ?? "none",
      expiresAt,
    },
    text === undefined ? undefined : { text, method },
  );
  const data = { id, app_id: appId(origin), created_at: new Date().toISOString() };
  return jsonReply({ data } satisfies z.infer<typeof newCodeReply>);
});

/** Apps are not registered here: one of an origin has the same number each time. */
const appId = (origin: string) => createHash("sha256").update(origin).digest().readUInt32BE() >>> 1;

const exchanged = z.object({ key: z.string(), user_id: z.string().nullable() });
const newCodeReply = z.object({
  data: z.object({ id: z.string().describe("The code"), app_id: z.int(), created_at: z.iso.datetime() }),
});

export const oauthOperations: Operation[] = [
  {
    at: "POST /auth/keys",
    id: "exchangeCodeForKey",
    tag: "Sign in with a key",
    access: "public",
    summary: "Get a key for a code",
    description:
      "A user who came to `/auth?callback_url=…&code_challenge=…&code_challenge_method=S256` and consented is sent back with `code`. It works once, and for ten minutes.",
    body: exchange,
    reply: exchanged,
    errors: ["permission_denied"],
    example: { body: { code: "$CODE", code_verifier: "$CODE_VERIFIER", code_challenge_method: "S256" } },
  },
  {
    at: "POST /auth/keys/code",
    id: "createCode",
    tag: "Sign in with a key",
    access: "management",
    summary: "Make a code for a key of your own account",
    body: newCode,
    reply: newCodeReply,
    example: {
      body: {
        callback_url: "https://app.example.com/callback",
        code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        code_challenge_method: "S256",
        limit: 5,
        usage_limit_type: "monthly",
      },
    },
  },
];
