import { randomBytes } from "node:crypto";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const LETTERS = 20;

/** Random bytes are drawn in a stock: one draw costs as much as a thousand bytes of it. */
let stock = Buffer.alloc(0);
let at = 0;

/** `gen-<unix seconds>-<20 letters and digits>`: the id carries its time, so that a look-up needs one month's log only. */
export function newGenerationId(now = Date.now()): string {
  let letters = "";
  while (letters.length < LETTERS) {
    if (at === stock.length) [stock, at] = [randomBytes(4096), 0];
    const byte = stock[at++] as number;
    // 248 is the largest multiple of 62 in a byte: above it, letters would not be equally likely.
    if (byte < 248) letters += ALPHABET[byte % ALPHABET.length];
  }
  return `gen-${Math.floor(now / 1000)}-${letters}`;
}
