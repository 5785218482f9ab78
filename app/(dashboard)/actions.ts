"use server";

import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { z } from "zod";
import { db } from "@/db/client";
import { deleteSession } from "@/db/queries/sessions";
import { sessionCookie } from "@/lib/auth/session-cookie";
import { userAction } from "@/lib/auth/user-action";

export const signOut = userAction(z.object({}), async (_nothing, { userId, sessionId }) => {
  await deleteSession(db(), userId, sessionId);
  (await cookies()).delete(sessionCookie().name);
  redirect("/sign-in");
});
