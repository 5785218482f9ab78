import { db } from "@/db/client";
import { closeAccount, scrubClosedAccount } from "@/db/queries/account-closures";
import { AppError } from "@/lib/errors";
import { mailWorks, sendMail } from "@/lib/mail";
import { deletedMail } from "./mails";
import { requireRecentSignIn, type SessionUser } from "./session";

/** Deletes what is somebody's of an account; see `closeAccount`. @throws AppError `conflict` for the last operator */
export async function deleteUser(user: SessionUser): Promise<void> {
  requireRecentSignIn(user);
  await closeAccount(db(), user.userId).catch((error) => {
    if (error.cause?.code !== "LG005") throw error;
    throw new AppError("conflict", "You are the only operator. Make somebody else one first.");
  });
  if (mailWorks()) await sendMail(deletedMail(user.email)).catch(() => {});
}

const ROWS_AT_ONCE = 5_000;

/** Scrubs the logs of closed accounts until none is left, or those that are left still have requests under way. */
export async function scrubClosedAccounts(): Promise<void> {
  while ((await scrubClosedAccount(db(), ROWS_AT_ONCE)) !== "none");
}
