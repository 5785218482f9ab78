"use server";

import { z } from "zod";
import { recordAudit } from "@/db/queries/audit";
import { issueAppCode } from "@/lib/auth/app-code";
import { readAuthorization } from "@/lib/auth/authorization-request";
import { withOutcome } from "@/lib/auth/callback-url";
import { clientAddress } from "@/lib/auth/client-address";
import { userAction } from "@/lib/auth/user-action";
import { dollarsOrNone, line } from "../../(dashboard)/typed-input";

const DAY_MS = 86_400_000;

const consent = z.object({
  callback: z.string().optional(),
  challenge: z.string().optional(),
  method: z.string().optional(),
  name: line(100, "Give it a name."),
  limit: dollarsOrNone,
  reset: z.enum(["none", "daily", "weekly", "monthly"]),
  days: z.enum(["", "1", "7", "30", "90", "365"]),
});

/** The user lets an app have a key: where to send him with the code, or the code itself where the app has no address. */
export const authorizeApp = userAction(consent, async ({ name, limit, reset, days, ...asked }, user) => {
  const { callback, challenge } = readAuthorization(asked);
  const { accountId, userId } = user;
  const expiresAt = days === "" ? null : new Date(Date.now() + Number(days) * DAY_MS);
  const grant = { accountId, userId, name, limitNano: limit, reset, expiresAt };
  const code = await issueAppCode(grant, challenge);
  await recordAudit({
    actor: "user",
    actorId: userId,
    address: await clientAddress(),
    action: "app.authorize",
    target: { kind: "user", id: userId },
    after: { app: callback?.origin ?? null, name, limitNano: limit, reset, expiresAt },
  });
  return callback ? { url: withOutcome(callback.href, { code }) } : { code };
});
