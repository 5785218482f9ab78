import { env } from "@/lib/env";
import { isHttps } from "./session-cookie";

/** The headers of every page. Scripts run with this answer's nonce or not at all. */
export function securityHeaders(nonce: string) {
  const { NODE_ENV, STRIPE_API_URL } = env();
  const policy = [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${NODE_ENV === "development" ? " 'unsafe-eval'" : ""}`,
    // Charts, notices and menus set styles on their elements.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    `form-action 'self' https://checkout.stripe.com${STRIPE_API_URL ? ` ${new URL(STRIPE_API_URL).origin}` : ""}`,
  ];
  return {
    "content-security-policy": policy.join("; "),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "strict-origin-when-cross-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    // Every page may be somebody's own.
    "cache-control": "private, no-store",
    ...(isHttps() && { "strict-transport-security": "max-age=31536000" }),
  };
}
