import { z } from "zod";
import { type Nanos, parseUsd } from "@/lib/money";

const MOST = 1_000_000_000n * 1_000_000_000n;

/** US dollars as someone types them, exact to the nano-dollar or refused. */
export const dollars = z.string().transform((text, context) => readDollars(text, context));

/** The same, where nothing typed means none. */
export const dollarsOrNone = z
  .string()
  .transform((text, context) => (text.trim() === "" ? null : readDollars(text, context)));

/** The same, with a minus where it is taken away; never nothing. */
export const signedDollars = z.string().transform((text, context) => {
  const [, minus, amount = ""] = /^\s*([-−])?(.*)$/s.exec(text) ?? [];
  const nanos = readDollars(amount, context);
  if (nanos === 0n) context.addIssue({ code: "custom", message: "An amount that is not zero." });
  return minus ? -nanos : nanos;
});

function readDollars(text: string, context: z.RefinementCtx): Nanos {
  try {
    const nanos = parseUsd(text.trim().replace(/^\$\s*/, ""));
    if (nanos <= MOST) return nanos;
    context.addIssue({ code: "custom", message: "At most a billion dollars." });
  } catch {
    context.addIssue({ code: "custom", message: "A dollar amount such as 12.50, with at most nine decimals." });
  }
  return z.NEVER;
}

const MOST_COUNT = 2_000_000_000;

/** A number of things, from one on; nothing typed means no limit. */
export const countOrNone = z.string().transform((text, context) => {
  if (text.trim() === "") return null;
  const count = /^[\d,_ ]+$/.test(text) ? Number(text.replace(/[,_ ]/g, "")) : Number.NaN;
  if (count >= 1 && count <= MOST_COUNT) return count;
  context.addIssue({ code: "custom", message: "A whole number from 1 on." });
  return z.NEVER;
});

/** Text of one line. */
export const line = (most: number, missing: string) =>
  z
    .string()
    .trim()
    .min(1, missing)
    .max(most, `At most ${most} characters.`)
    .refine((text) => !text.includes("\u0000"), "A character in it cannot be stored.");

const MOST_PAGES = 1_000_000;

/** The page that an address asks for, from 1 on; the first where what it says makes no sense. */
export const pageNumber = (text: unknown): number => {
  const page = Math.trunc(Number(text));
  return page >= 1 && page <= MOST_PAGES ? page : 1;
};
