import { randomBytes } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const LETTERS = 20;

/** `gen-<unix seconds>-<20 letters and digits>`: the id carries its time, so that a look-up needs one month's log only. */
export function newGenerationId(now = Date.now()): string {
  let text = "";
  while (text.length < LETTERS)
    for (const byte of randomBytes(LETTERS)) {
      // 248 is the largest multiple of 62 in a byte: above it, letters would not be equally likely.
      if (byte < 248 && text.length < LETTERS) text += ALPHABET[byte % ALPHABET.length];
    }
  return `gen-${Math.floor(now / 1000)}-${text}`;
}
