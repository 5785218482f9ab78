import { createHash, randomBytes } from "node:crypto";

/** 256 random bits as text: nobody guesses one, so a plain SHA-256 of it is safe to store. */
export const newToken = () => randomBytes(32).toString("base64url");

export const isToken = (text: string) => /^[A-Za-z0-9_-]{43}$/.test(text);

export const hashToken = (token: string) => createHash("sha256").update(token).digest("hex");
