import type { ProviderError } from "@/lib/errors";
import { clip, redact } from "./redact";
import { isObject } from "./upstream-complaint";

const MOST_FLAGGED = 100;
const MOST_REASONS = 16;
const MOST_REASON_BYTES = 100;

/**
 * Adds what OpenRouter tells of a refusal of content: its reasons, what was flagged where the upstream says so, and
 * for which model.
 *
 * @param error the upstream's own error object
 */
export function addModeration(
  refusal: ProviderError,
  { error, reasons, apiKey, model }: { error: unknown; reasons: string[]; apiKey: string; model?: string },
): void {
  const told = [...reasonsOf(error), ...reasons].map((reason) => clip(redact(reason, apiKey), MOST_REASON_BYTES));
  const metadata = isObject(error) && isObject(error.metadata) ? error.metadata : {};
  const flagged = typeof metadata.flagged_input === "string" ? redact(metadata.flagged_input, apiKey) : undefined;
  Object.assign(refusal.metadata, {
    reasons: [...new Set(told)].slice(0, MOST_REASONS),
    ...(flagged !== undefined && { flagged_input: elided(flagged) }),
    ...(model && { model_slug: model }),
  });
}

/** A gateway's own list, or the categories of Azure's filter that struck. */
function reasonsOf(error: unknown): string[] {
  if (!isObject(error)) return [];
  const { metadata, innererror, content_filter_result: outer } = error;
  if (isObject(metadata) && Array.isArray(metadata.reasons))
    return metadata.reasons.filter((reason) => typeof reason === "string");
  const result = isObject(innererror) ? innererror.content_filter_result : outer;
  if (!isObject(result)) return [];
  return Object.keys(result).filter((category) => {
    const verdict = result[category];
    return isObject(verdict) && verdict.filtered === true;
  });
}

/** At most so many characters, with the middle left out. */
function elided(text: string): string {
  const characters = [...text];
  if (characters.length <= MOST_FLAGGED) return text;
  const side = Math.floor((MOST_FLAGGED - 3) / 2);
  return `${characters.slice(0, side).join("")}...${characters.slice(-side).join("")}`;
}
