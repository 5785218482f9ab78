import { createHash, randomBytes } from "node:crypto";
import type { App } from "./app";
import { type Visitor, visitor } from "./visitor";

/** A visitor with the session that signing in would have begun. */
export async function signedIn(app: Pick<App, "url" | "sql">, email: string): Promise<Visitor> {
  const token = randomBytes(32).toString("base64url");
  const hash = createHash("sha256").update(token).digest("hex");
  await app.sql`
    insert into sessions (token_hash, user_id, expires_at)
    select ${hash}, id, now() + interval '1 day' from users where email = ${email}`;
  const someone = visitor(app);
  someone.cookies.set("session", token);
  return someone;
}
