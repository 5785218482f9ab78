import { z } from "zod";

/** Text that a column can hold: Postgres has no NUL. */
export const storable = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => !text.includes("\u0000"), "must not hold a NUL");

const YEAR_10000 = 253_402_300_800_000;

/** A moment from 1970 to 9999, wherever its offset moves it: other years Postgres and JavaScript read differently. */
export const moment = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine((at) => at.getTime() >= 0 && at.getTime() < YEAR_10000, "must be within the years 1970 to 9999");
