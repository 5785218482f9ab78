import { cookies } from "next/headers";
import { isHttps } from "./session-cookie";

/** Carries a one-time token from one page to the next: not in an address, which histories and logs keep. */
const nameOf = (what: "second-factor" | "link-identity") => `${isHttps() ? "__Host-" : ""}${what}`;

export async function setShortCookie(what: "second-factor" | "link-identity", token: string): Promise<void> {
  const options = { httpOnly: true, sameSite: "lax", secure: isHttps(), path: "/", maxAge: 600 } as const;
  (await cookies()).set(nameOf(what), token, options);
}

export const readShortCookie = async (what: "second-factor" | "link-identity") =>
  (await cookies()).get(nameOf(what))?.value;

export async function clearShortCookie(what: "second-factor" | "link-identity"): Promise<void> {
  const options = { httpOnly: true, sameSite: "lax", secure: isHttps(), path: "/", maxAge: 0 } as const;
  (await cookies()).set(nameOf(what), "", options);
}
