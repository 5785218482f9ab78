import { z } from "zod";
import { type Picos, parseUsd } from "@/lib/money";

/** US dollars for a million tokens, as someone types them: exact to the pico-dollar a token, or refused. */
export const perMillion = z.string().transform((text, context) => read(text, context));

/** The same, where nothing typed means none. */
export const perMillionOrNone = z
  .string()
  .transform((text, context) => (text.trim() === "" ? null : read(text, context)));

function read(text: string, context: z.RefinementCtx): Picos {
  try {
    const nanos = parseUsd(text.trim().replace(/^\$\s*/, ""));
    if (nanos % 1_000n === 0n && nanos <= MOST) return nanos / 1_000n;
  } catch {
    // Said below.
  }
  context.addIssue({ code: "custom", message: "An amount such as 0.15, with at most six decimals." });
  return z.NEVER;
}

/** A million dollars for a million tokens. */
const MOST = 1_000_000n * 1_000_000_000n;

/** `2027-01-31` or `2027-01-31 12:00`, in UTC; nothing typed means now. */
export const utcOrNow = z.string().transform((text, context) => {
  const typed = text.trim();
  if (typed === "") return null;
  const at = /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d)?$/.test(typed)
    ? new Date(`${typed.replace(" ", "T")}${typed.length > 10 ? "Z" : ""}`)
    : undefined;
  if (at && !Number.isNaN(at.getTime())) return at;
  context.addIssue({ code: "custom", message: "A day such as 2027-01-31, or with a time: 2027-01-31 12:00." });
  return z.NEVER;
});
