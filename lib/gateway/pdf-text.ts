import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { AppError } from "@/lib/errors";
import { processWide } from "@/lib/process-wide";

const MOST_PAGES = 500;
const MOST_CHARACTERS = 4 * 1024 * 1024;
const MOST_MS = 10_000;

/** Of heap; what lies outside of it the worker counts itself. */
const MOST_HEAP_MIB = 192;

/** So many are read at once, and so many wait for it: each may take a core for as long as it may take. */
const MOST_AT_ONCE = 2;
const MOST_WAITING = 16;

const line = () => processWide("pdf-line", () => ({ reading: 0, waiting: [] as (() => void)[] }));

/**
 * The text of a PDF, page by page. It is read in a thread of its own with bounds on its time and its memory, so that no
 * document holds up or takes down the server.
 *
 * @throws AppError `invalid_request` for what cannot be read, `service_unavailable` when too many wait for theirs
 */
export async function pdfText(bytes: Uint8Array, name: string): Promise<string[]> {
  const { pages } = await inLine(() => read(bytes, name));
  if (pages.every((text) => text.trim() === ""))
    throw new AppError(
      "invalid_request",
      `${name} has no text in it, as a scan has none: ask a model that takes files, or send pictures of its pages.`,
    );
  return pages;
}

async function inLine<T>(work: () => Promise<T>): Promise<T> {
  const { waiting } = line();
  if (line().reading >= MOST_AT_ONCE) {
    if (waiting.length >= MOST_WAITING)
      throw new AppError("service_unavailable", "Too many documents are being read. Try again in a moment.", {
        retryAfter: 5,
      });
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else line().reading += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else line().reading -= 1;
  }
}

type Read =
  | { pages: string[] }
  | { fault: "password" | "malformed" | "characters" }
  | { fault: "pages"; pages: number };

function read(bytes: Uint8Array, name: string): Promise<{ pages: string[] }> {
  // Node's own copy: a buffer from its pool would take all of the pool along.
  const data = new Uint8Array(bytes);
  const worker = new Worker(join(process.cwd(), "lib", "gateway", "pdf-worker.mjs"), {
    workerData: { data, mostPages: MOST_PAGES, mostCharacters: MOST_CHARACTERS },
    transferList: [data.buffer],
    resourceLimits: { maxOldGenerationSizeMb: MOST_HEAP_MIB },
    // It needs no settings, and there are secrets in them.
    env: {},
    ...{ stdout: true, stderr: true },
  });
  const cannot = (why: string) => new AppError("invalid_request", `${name} cannot be read: ${why}`);
  return new Promise<{ pages: string[] }>((resolve, reject) => {
    const timer = setTimeout(() => reject(cannot(`it took longer than ${MOST_MS / 1000} seconds.`)), MOST_MS);
    worker.once("message", (answer: Read) => {
      if (!("fault" in answer)) return resolve(answer);
      if (answer.fault === "pages")
        return reject(cannot(`it has ${answer.pages} pages, and ${MOST_PAGES} are the most.`));
      reject(cannot(FAULTS[answer.fault]));
    });
    worker.once("error", () => reject(cannot("it needs more memory than a document may.")));
    worker.once("exit", () => {
      clearTimeout(timer);
      reject(cannot("it needs more memory than a document may."));
    });
  }).finally(() => worker.terminate());
}

const FAULTS = {
  password: "it is protected by a password.",
  malformed: "it is no valid PDF.",
  characters: `it has more than ${MOST_CHARACTERS} characters.`,
};
