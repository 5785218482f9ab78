import { createHash, timingSafeEqual } from "node:crypto";

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Whether a request of a machine's brings the token of the settings; nobody does where there is none. */
export const isBearerOf = (token: string | undefined, request: Request): boolean =>
  token !== undefined && timingSafeEqual(digest(request.headers.get("authorization") ?? ""), digest(`Bearer ${token}`));
