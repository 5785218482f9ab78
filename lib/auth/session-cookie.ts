import { env } from "@/lib/env";

/** The `__Host-` prefix binds a cookie to this host and to https; a browser takes it over https alone. */
export function sessionCookie() {
  const secure = isHttps();
  return {
    name: secure ? "__Host-session" : "session",
    options: { httpOnly: true, sameSite: "lax", secure, path: "/" },
  } as const;
}

export const isHttps = () => env().APP_URL?.startsWith("https:") ?? false;
