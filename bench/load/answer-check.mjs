// @ts-check
import { PIECE_DIGITS, PIECE_MARKER, wholeText } from "../upstream/pieces.mjs";

/** @typedef {import("../upstream/dialects.mjs").Dialect} Dialect */
/** @typedef {{ dialect: Dialect, stream: boolean, pieces: number }} Expected */

/** Long enough for the closing events of every dialect. */
const TAIL_BYTES = 2048;

/**
 * What is wrong with an answer, or undefined when it is complete and right. Every answer of a run goes through here: a
 * gateway that drops, doubles or cuts is otherwise the fastest of all.
 * @param {{ status: number, body: Buffer }} answer
 * @param {Expected} expected
 * @returns {string | undefined}
 */
export function faultOf({ status, body }, expected) {
  if (status !== 200) return `status ${status}: ${body.toString("utf8", 0, 200)}`;
  return expected.stream ? streamFault(body, expected) : jsonFault(body, expected);
}

/** @param {Buffer} body @param {Expected} expected */
function streamFault(body, { dialect, pieces }) {
  const tail = body.toString("latin1", Math.max(0, body.length - TAIL_BYTES));
  if (!endings[dialect].test(tail)) return "the stream ends without its last event";
  if (!usages[dialect](pieces).test(tail)) return "the stream tells no usage, or a wrong one";
  return piecesFault(body, pieces);
}

/** Scans raw bytes, since parsing each event would cost more than a proxy does. @param {Buffer} body @param {number} wanted */
function piecesFault(body, wanted) {
  let found = 0;
  let at = body.indexOf(PIECE_MARKER);
  while (at >= 0) {
    const start = at + PIECE_MARKER.length;
    if (numberAt(body, start) !== found) return `piece ${found} is missing or out of place`;
    found++;
    at = body.indexOf(PIECE_MARKER, start);
  }
  return found === wanted ? undefined : `${found} pieces instead of ${wanted}`;
}

/** @param {Buffer} body @param {number} start */
function numberAt(body, start) {
  let value = 0;
  for (let offset = start; offset < start + PIECE_DIGITS; offset++) value = value * 10 + ((body[offset] ?? 0) - 48);
  return value;
}

/** @param {Buffer} body @param {Expected} expected */
function jsonFault(body, { dialect, pieces }) {
  try {
    const { text, tokens } = readings[dialect](JSON.parse(body.toString()));
    if (text !== wholeText(pieces)) return "the text is not the text that was sent";
    return tokens === pieces ? undefined : `usage tells ${tokens} tokens instead of ${pieces}`;
  } catch {
    return `not the JSON of an answer: ${body.toString("utf8", 0, 200)}`;
  }
}

/** @type {Record<Dialect, RegExp>} */
const endings = {
  openai: /data: \[DONE\]\s*$/,
  anthropic: /data: \{"type":"message_stop"\}\s*$/,
  gemini: /"finishReason":"STOP"[^\n]*\}\s*$/,
};

/** @type {Record<Dialect, (pieces: number) => RegExp>} */
const usages = {
  openai: (pieces) => new RegExp(`"completion_tokens": ?${pieces}\\b`),
  anthropic: (pieces) => new RegExp(`"output_tokens": ?${pieces}\\b`),
  gemini: (pieces) => new RegExp(`"candidatesTokenCount": ?${pieces}\\b`),
};

/** @type {Record<Dialect, (answer: any) => { text: string, tokens: number }>} */
const readings = {
  openai: (answer) => ({ text: answer.choices[0].message.content, tokens: answer.usage.completion_tokens }),
  anthropic: (answer) => ({ text: answer.content[0].text, tokens: answer.usage.output_tokens }),
  gemini: (answer) => ({
    text: answer.candidates[0].content.parts[0].text,
    tokens: answer.usageMetadata.candidatesTokenCount,
  }),
};
