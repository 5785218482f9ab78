import { redirect } from "next/navigation";
import { signIn } from "./next-auth";
import { safePath } from "./safe-path";
import { clearShortCookie, setShortCookie } from "./short-cookie";
import type { Progress } from "./sign-in";

/** Turns progress into a session, or leads to the page that asks for the code. Within a server action only. */
export async function goOn(progress: Progress, next: unknown): Promise<never> {
  const path = safePath(next);
  if ("challenge" in progress) {
    await setShortCookie("second-factor", progress.challenge);
    redirect(`/sign-in/code?next=${encodeURIComponent(path)}`);
  }
  await beginSession(progress.ticket);
  await clearShortCookie("second-factor");
  redirect(path);
}

/** A new session on this device, in place of the one there was. */
export async function beginSession(ticket: string): Promise<void> {
  await signIn("ticket", { ticket, redirect: false, redirectTo: "/" });
}
