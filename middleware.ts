import { type NextRequest, NextResponse } from "next/server";

/** Sets headers for pages and decides nothing: who may see what is checked where it is read. The API never comes here. */
export function middleware(request: NextRequest) {
  const headers = new Headers(request.headers);
  // Pages are not told their own address; the sign-in page leads back to it.
  headers.set("x-path", request.nextUrl.pathname + request.nextUrl.search);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("referrer-policy", "strict-origin-when-cross-origin");
  response.headers.set("x-frame-options", "DENY");
  return response;
}

export const config = { matcher: ["/((?!api/|_next/).*)"] };
