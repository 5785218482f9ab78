import { hkdfSync } from "node:crypto";

/**
 * What is made of the one secret, each under a label of its own, so that none tells anything of another. A label is never
 * changed: what was sealed or signed under it would be lost.
 */
const LABELS = {
  nextAuth: "next-auth v1",
  sealing: "sealed secrets v1",
  /** Of a key in SEALING_KEYS, not of APP_SECRET. */
  sealingRing: "sealed secrets v2",
} as const;

export type Purpose = keyof typeof LABELS;

/** 32 bytes by HKDF (SHA-256), the same wherever the secret is the same. */
export const derivedSecret = (secret: string, purpose: Purpose): Buffer =>
  Buffer.from(hkdfSync("sha256", secret, "", LABELS[purpose], 32));
