import { JSONRepairError, jsonrepair } from "jsonrepair";

/** A longer answer is left as it is: mending holds up everybody else. */
const MOST_CHARACTERS = 1024 * 1024;

/**
 * An answer that was to be JSON and is not quite: within a fence or between sentences, with commas, quotes and brackets
 * that are missing or too many. Undefined for what is valid already, and for what holds no object or list to be mended.
 */
export function healedJson(text: string): string | undefined {
  if (text.length > MOST_CHARACTERS || isJson(text)) return undefined;
  const fenced = /```[a-z]*\s*\n?([\s\S]*?)(?:```|$)/i.exec(text)?.[1];
  for (const candidate of fenced === undefined ? [text] : [fenced, text]) {
    const start = candidate.search(/[{[]/);
    if (start < 0) continue;
    const open = candidate.slice(start).trimEnd();
    const closed = open.slice(0, Math.max(open.lastIndexOf("}"), open.lastIndexOf("]")) + 1);
    if (isJson(closed)) return closed;
    const mended = repaired(open) ?? repaired(closed);
    if (mended !== undefined) return mended;
  }
  return undefined;
}

function repaired(text: string): string | undefined {
  if (text === "") return undefined;
  try {
    const mended = jsonrepair(text);
    const value = JSON.parse(mended);
    // Several values in a row become a list of them, which nobody has said.
    return typeof value === "object" && value !== null && mended[0] === text[0] ? mended : undefined;
  } catch (error) {
    // Brackets within brackets without end are more than a stack can hold.
    if (error instanceof JSONRepairError || error instanceof RangeError || error instanceof SyntaxError)
      return undefined;
    throw error;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
