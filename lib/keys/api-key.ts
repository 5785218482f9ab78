import { createHash, randomBytes } from "node:crypto";

const PREFIX = "sk-or-v1-";
const FORM = /^sk-or-v1-[0-9a-f]{64}$/;

/** A new key: shown once, never stored. */
export const newApiKey = () => PREFIX + randomBytes(32).toString("hex");

export const isApiKey = (text: string) => FORM.test(text);

/** SHA-256, lower-case hex: what is stored, and the key's public id on the wire. Sound without a salt for 256 random bits. */
export const hashApiKey = (key: string) => createHash("sha256").update(key).digest("hex");

/** What may be shown of a key: `sk-or-v1-abc...xyz` */
export const apiKeyLabel = (key: string) =>
  `${PREFIX}${key.slice(PREFIX.length, PREFIX.length + 3)}...${key.slice(-3)}`;
