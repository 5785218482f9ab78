/** What an upstream said about a failure, in whichever dialect it said it. */
export type Complaint = {
  message?: string;
  /** OpenAI's `type` and `code`, Anthropic's `type`, Google's `status` and reasons: in lower case, in no order. */
  words: ReadonlySet<string>;
  /** A status inside the body: Google's `code`, or that of a gateway. */
  status?: number;
  /** Google's `retryDelay`, such as `34s`. */
  retryDelay?: string;
  /** The error object itself. */
  error: Record<string, unknown>;
};

/** Reads a body or an error object of any dialect; nothing about it is certain. */
export function readComplaint(source: unknown): Complaint {
  const root = unwrap(typeof source === "string" ? (parse(source) ?? {}) : source);
  const error = isObject(root.error) ? root.error : root;
  const words = new Set<string>();
  for (const word of [error.type, error.code, error.status, root.code]) {
    if (typeof word === "string") words.add(word.toLowerCase());
  }
  const details = Array.isArray(error.details) ? error.details.filter(isObject) : [];
  for (const { reason } of details) if (typeof reason === "string") words.add(reason.toLowerCase());
  return {
    message: textOf(error.message) ?? textOf(root.error) ?? textOf(root.message) ?? textOf(root.detail),
    words,
    status: [error.code, root.code, error.status, root.status].map(numberOf).find((n) => n >= 400 && n < 600),
    error,
    retryDelay: details.map(({ retryDelay }) => textOf(retryDelay)).find(Boolean),
  };
}

/** Google wraps the error of a stream in a list. */
function unwrap(value: unknown): Record<string, unknown> {
  const one = Array.isArray(value) ? value[0] : value;
  return isObject(one) ? one : {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** FastAPI's `detail` is a list of objects, each with its `msg`; Mistral's `message` holds one. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value || undefined;
  if (isObject(value)) return textOf(value.detail);
  if (Array.isArray(value)) return value.map((one) => (isObject(one) ? textOf(one.msg) : undefined)).find(Boolean);
  return undefined;
}

const numberOf = (value: unknown) =>
  typeof value === "string" || typeof value === "number" ? Number(value) : Number.NaN;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
