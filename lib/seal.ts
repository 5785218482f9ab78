import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { derivedSecret } from "./derived-secret";
import { env } from "./env";

/** `v1.<nonce>.<sealed>` is sealed with APP_SECRET, `v2.<id>.<nonce>.<sealed>` with that key of SEALING_KEYS. */
const FORM = /^(?:v1|v2\.([A-Za-z0-9_-]{1,32}))\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{22,})$/;

/**
 * Encrypts a secret for storage (AES-256-GCM). `owner` is bound to the result, e.g. `providers.groq`, so that a sealed
 * value which is moved to another row does not open there. Sealed with the first of SEALING_KEYS, or APP_SECRET.
 */
export function seal(secret: string, owner: string): string {
  const id = newestId();
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", keyOf(id, owner), nonce);
  cipher.setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return [...versionOf(id), nonce.toString("base64url"), sealed.toString("base64url")].join(".");
}

/** @throws Error when the value was sealed for another owner, under a key that is not there any more, or was altered. */
export function unseal(value: string, owner: string): string {
  const [, id, nonce = "", sealed = ""] = FORM.exec(value) ?? [];
  if (!sealed) throw new Error(`${owner} is not a sealed secret`);
  const bytes = Buffer.from(sealed, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", keyOf(id, owner), Buffer.from(nonce, "base64url"));
  decipher.setAAD(Buffer.from(owner));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8");
}

/** Whether a value was sealed with the key that new ones are sealed with. */
export const isSealedWithNewest = (value: string) => value.startsWith(`${versionOf(newestId()).join(".")}.`);

const versionOf = (id: string | undefined) => (id === undefined ? ["v1"] : ["v2", id]);

const newestId = () => env().SEALING_KEYS?.[0]?.id;

function keyOf(id: string | undefined, owner: string): Buffer {
  const secret = id === undefined ? env().APP_SECRET : env().SEALING_KEYS?.find((key) => key.id === id)?.secret;
  if (secret === undefined) throw new Error(`${owner} is sealed with the key ${id}, which is not in SEALING_KEYS`);
  return derivedSecret(secret, id === undefined ? "sealing" : "sealingRing");
}
