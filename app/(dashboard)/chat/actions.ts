"use server";

import { z } from "zod";
import { userAction } from "@/lib/auth/user-action";
import { mintSessionKey } from "@/lib/keys/session-key";

/** A key with which this browser asks the public API while its user is signed in. The page holds it in memory only. */
export const mintChatKey = userAction(z.object({}), async (_input, { sessionId }) => {
  const { key, expiresAt } = await mintSessionKey(sessionId, "Chat");
  return { key, expiresAt: expiresAt.getTime() };
});
