import type { z } from "zod";
import { AppError } from "@/lib/errors";

/** What is wrong with a body, said field by field. */
export const invalidRequest = (error: z.ZodError) => new AppError("invalid_request", describe(error), { cause: error });

function describe(error: z.ZodError): string {
  const [issue] = error.issues;
  if (!issue) return "Invalid request parameters";
  const where = issue.path.length ? issue.path.join(".") : "body";
  const more = error.issues.length > 1 ? ` (and ${error.issues.length - 1} more)` : "";
  return `Invalid request parameters: ${where}: ${issue.message}${more}`;
}
