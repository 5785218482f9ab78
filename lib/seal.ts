import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { env } from "./env";

const VERSION = "v1";

/**
 * Encrypts a secret for storage (AES-256-GCM). `owner` is bound to the result, e.g. `providers.sealed_api_key.groq`, so
 * that a sealed value which is moved to another row does not open there.
 */
export function seal(secret: string, owner: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", sealingKey(), nonce);
  cipher.setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([cipher.update(secret, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return [VERSION, nonce.toString("base64url"), sealed.toString("base64url")].join(".");
}

/** @throws Error when the value was sealed for another owner, under another APP_SECRET, or was altered. */
export function unseal(value: string, owner: string): string {
  const [version, nonce, sealed] = value.split(".");
  if (version !== VERSION || !nonce || !sealed) throw new Error(`${owner} is not a sealed secret`);
  const bytes = Buffer.from(sealed, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", sealingKey(), Buffer.from(nonce, "base64url"));
  decipher.setAAD(Buffer.from(owner));
  decipher.setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8");
}

const sealingKey = () => Buffer.from(hkdfSync("sha256", env().APP_SECRET, "", "sealed secrets v1", 32));
