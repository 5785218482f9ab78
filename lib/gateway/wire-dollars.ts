import { z } from "zod";
import { AppError } from "@/lib/errors";
import { type Nanos, parseUsd } from "@/lib/money";

/** US dollars as a JSON number, through its shortest text: 0.1 is ten cents and nothing else. */
export const wireDollars = z.number().min(0).max(1_000_000_000).describe("US dollars, to nine decimal places");

/** @throws AppError `invalid_request` for an amount that is finer than a nano-dollar */
export function toNanos(dollars: number | null | undefined): Nanos | null | undefined {
  if (dollars === null || dollars === undefined) return dollars;
  try {
    // The shortest text of a small number has an exponent; nine places are as exact where they are the same number.
    const text = dollars.toString();
    return parseUsd(text.includes("e") && Number(dollars.toFixed(9)) === dollars ? dollars.toFixed(9) : text);
  } catch (error) {
    throw new AppError("invalid_request", "limit must be US dollars with at most nine decimal places.", {
      cause: error,
    });
  }
}
