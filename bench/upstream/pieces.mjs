// @ts-check

/** What every piece of an answer begins with; it occurs nowhere else in an answer, so pieces can be counted in raw bytes. */
export const PIECE_MARKER = "word-";
export const PIECE_DIGITS = 4;

/**
 * The text of one piece. Each carries its own number, so that a lost, doubled or misplaced piece is seen.
 * @param {number} index
 */
export function pieceText(index) {
  return `${PIECE_MARKER}${String(index).padStart(PIECE_DIGITS, "0")} `;
}

/** @param {number} count */
export function wholeText(count) {
  return Array.from({ length: count }, (_, index) => pieceText(index)).join("");
}
