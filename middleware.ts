import { type NextRequest, NextResponse } from "next/server";
import { securityHeaders } from "@/lib/auth/security-headers";
import { sessionCookie } from "@/lib/auth/session-cookie";

/** Pages that are nothing to a visitor who is not signed in. */
const SIGNED_IN = /^\/(overview|chat|keys|credits|activity|settings|operator|confirm)(\/|$)/;

/**
 * Sets headers for pages, and saves a visitor without a cookie a page that would send him to the sign-in anyway. It
 * decides nothing: who may see what is checked where it is read. The API never comes here.
 */
export function middleware(request: NextRequest) {
  const { pathname, search } = request.nextUrl;
  const nonce = crypto.randomUUID().replaceAll("-", "");
  const secured = securityHeaders(nonce);
  if (SIGNED_IN.test(pathname) && !request.cookies.has(sessionCookie().name)) {
    const away = request.nextUrl.clone();
    away.pathname = "/sign-in";
    away.search = `?next=${encodeURIComponent(pathname + search)}`;
    return NextResponse.redirect(away, { headers: secured });
  }
  const headers = new Headers(request.headers);
  // Pages are not told their own address; the sign-in page leads back to it.
  headers.set("x-path", pathname + search);
  headers.set("x-nonce", nonce);
  // Next puts the nonce that it finds here on its own scripts.
  headers.set("content-security-policy", secured["content-security-policy"]);
  const response = NextResponse.next({ request: { headers } });
  for (const [name, value] of Object.entries(secured)) response.headers.set(name, value);
  return response;
}

export const config = { runtime: "nodejs", matcher: ["/((?!api/|_next/|openapi\\.json$).*)"] };
