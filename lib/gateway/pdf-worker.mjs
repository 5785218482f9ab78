// @ts-check
// Reads the text of one PDF, in a thread that ends with it: lib/gateway/pdf-text.ts starts it and bounds its time.
import { parentPort, workerData } from "node:worker_threads";

/** What a stream unpacks to lies outside of the heap, where no limit of the thread's counts it. */
let bytesLeft = 256 * 1024 * 1024;

const COUNTED = [
  ...["ArrayBuffer", "Uint8Array", "Uint8ClampedArray", "Int8Array", "Uint16Array", "Int16Array"],
  ...["Uint32Array", "Int32Array", "Float32Array", "Float64Array"],
];
for (const name of COUNTED) {
  const counted = new Proxy(Reflect.get(globalThis, name), {
    construct(target, args, newTarget) {
      if (typeof args[0] === "number") bytesLeft -= args[0] * (target.BYTES_PER_ELEMENT ?? 1);
      if (bytesLeft < 0) throw new RangeError("This document unpacks to more than is read.");
      return Reflect.construct(target, args, newTarget);
    },
  });
  Reflect.set(globalThis, name, counted);
}

const { data, mostPages, mostCharacters } = workerData;

async function read() {
  // Not before: what it makes has to be counted.
  const { getDocumentProxy } = await import("unpdf");
  const document = await getDocumentProxy(data, { isEvalSupported: false, verbosity: 0 });
  if (document.numPages > mostPages) return { fault: "pages", pages: document.numPages };
  const pages = [];
  let characters = 0;
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    const text = items.map((item) => ("str" in item ? item.str + (item.hasEOL ? "\n" : "") : "")).join("");
    page.cleanup();
    characters += text.length;
    if (characters > mostCharacters) return { fault: "characters" };
    pages.push(text);
  }
  return { pages };
}

const answer = await read().catch((error) => ({
  fault: error?.name === "PasswordException" ? "password" : "malformed",
}));
parentPort?.postMessage(answer);
