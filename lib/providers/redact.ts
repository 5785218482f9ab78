const GONE = "[redacted]";
const SHORTEST_KEY = 4;

// Control characters would let an upstream write into a terminal or a log; bidirectional marks, turn a text round.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Keys by their look, whole or masked in the middle as upstreams echo them (`sk-…abcd`). */
const LOOKS_LIKE_A_KEY = /\b(?:(?:sk|rk|gsk|xai|csk|pplx|nvapi)[-_]|AIza|ya29\.)[\w.*…•-]{2,}[\w*…•]/g;
const CREDENTIAL_HEADER =
  /\b(Bearer|Basic|x-api-key\s?[:=]|x-goog-api-key\s?[:=]|api[-_ ]?key\s?[:=])(\s?["']?)[^\s"',;}]+/gi;
const KEY_IN_QUERY = /([?&](?:key|api_key|access_token)=)[^&\s"']+/gi;

/** As much as is looked at for pieces of keys; what is shown in the end is a part of this. */
const MOST_READ = 8_192;

/** What an upstream said, fit for a caller's eyes: without our key, or pieces of it, and without control characters. */
export function redact(text: string, apiKey: string): string {
  let clean = text.replace(CONTROLS, "");
  if (apiKey.length >= SHORTEST_KEY) {
    for (const form of new Set([apiKey, encodeURIComponent(apiKey), JSON.stringify(apiKey).slice(1, -1)])) {
      clean = clean.replaceAll(form, GONE);
    }
  }
  clean = clean.slice(0, MOST_READ);
  clean = clean
    .replace(KEY_IN_QUERY, `$1${GONE}`)
    .replace(CREDENTIAL_HEADER, `$1$2${GONE}`)
    .replace(LOOKS_LIKE_A_KEY, GONE);
  return apiKey.length >= 16 ? clean.replace(piecesOf(apiKey), GONE) : clean;
}

/** The beginning of the key with whatever follows it, and its end behind a mask. */
function piecesOf(apiKey: string): RegExp {
  const beginning = escapeForRegex(apiKey.slice(0, 8));
  const end = escapeForRegex(apiKey.slice(-4));
  return new RegExp(`${beginning}[\\w.*…•-]*|[*.…•]{2,64}${end}`, "g");
}

const escapeForRegex = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");

/** At most so many bytes of UTF-8, cut between characters. */
export function clip(text: string, bytes: number): string {
  if (text.length * 3 <= bytes || Buffer.byteLength(text) <= bytes) return text;
  return new TextDecoder().decode(Buffer.from(text).subarray(0, bytes), { stream: true });
}
