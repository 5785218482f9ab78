import { type NextRequest, NextResponse } from "next/server";

/** Sets headers for pages and decides nothing: who may see what is checked where it is read. The API never comes here. */
export function middleware(_request: NextRequest) {
  const response = NextResponse.next();
  response.headers.set("x-content-type-options", "nosniff");
  response.headers.set("referrer-policy", "strict-origin-when-cross-origin");
  response.headers.set("x-frame-options", "DENY");
  return response;
}

export const config = { matcher: ["/((?!api/|_next/).*)"] };
