import { createHash } from "node:crypto";
import type { PipelineStep } from "@/db/schema";
import type { Model } from "@/lib/models/catalogue";
import { type ChatChunk, deltaChunk } from "@/lib/protocol/chat-chunk";
import { type ChatRequest, type ContentPart, inOurWords, NATIVE } from "@/lib/protocol/chat-request";
import { pdfEngine } from "@/lib/protocol/plugins";
import { pdfText } from "./pdf-text";

/** A file as it was read, which a caller may send back with the answer so that it is not read again. */
type Annotation = { type: "file"; file: { hash: string; name: string; content: { type: "text"; text: string }[] } };

type WithText = { request: ChatRequest; annotations: Annotation[]; pipeline: PipelineStep[] };

const PDF = /^data:application\/pdf[;,]/i;

/**
 * The request with the text of its PDFs in their place, where none of its models takes files or the caller wants it so.
 *
 * @throws AppError `invalid_request` for a document that cannot be read
 */
export async function withFilesRead(request: ChatRequest, models: readonly Model[]): Promise<WithText> {
  const asItIs = { request, annotations: [], pipeline: [] };
  if (!request.messages.some(({ content }) => Array.isArray(content) && content.some(isPdf))) return asItIs;
  const engine = pdfEngine(request.plugins);
  const native = engine === "native" || (!engine && models.some(takesFiles));
  const ours = inOurWords(request);
  if (engine === false || native || ours[NATIVE]) return asItIs;
  const known = readBefore(request);
  const annotations = new Map<string, Annotation>();
  const toText = async (part: ContentPart): Promise<ContentPart> => {
    if (!isPdf(part)) return part;
    const { filename, file_data } = part.file;
    const name = filename || "document.pdf";
    const bytes = bytesOf(file_data ?? "");
    const hash = createHash("sha256").update(bytes).digest("hex");
    const text = known.get(hash) ?? (await pdfText(bytes, name)).join("\n\n");
    annotations.set(hash, { type: "file", file: { hash, name, content: [{ type: "text", text }] } });
    return { type: "text", text: `<file name=${JSON.stringify(name)}>\n${text}\n</file>` };
  };
  const messages: ChatRequest["messages"] = [];
  // One after the other: of one caller's documents no two are read at once.
  for (const message of ours.messages) {
    const content = message.content;
    if (!Array.isArray(content)) messages.push(message);
    else {
      const parts: ContentPart[] = [];
      for (const part of content) parts.push(await toText(part));
      messages.push({ ...message, content: parts } as ChatRequest["messages"][number]);
    }
  }
  return { request: { ...ours, messages }, annotations: [...annotations.values()], pipeline: [step(annotations.size)] };
}

/** An answer that begins with what was read. */
export async function* annotated(
  chunks: AsyncIterable<ChatChunk>,
  annotations: Annotation[],
): AsyncGenerator<ChatChunk> {
  yield deltaChunk({ role: "assistant", content: "", annotations });
  yield* chunks;
}

const isPdf = (part: ContentPart): part is Extract<ContentPart, { type: "file" }> =>
  part.type === "file" && PDF.test((part.file as { file_data?: string }).file_data ?? "");

const takesFiles = ({ inputModalities }: Model) => inputModalities.includes("file");

function bytesOf(url: string): Uint8Array {
  const comma = url.indexOf(",");
  return Buffer.from(url.slice(comma + 1), "base64");
}

/** What earlier answers say of files, as far as it is text. */
function readBefore({ messages }: ChatRequest): Map<string, string> {
  const known = new Map<string, string>();
  for (const message of messages) {
    const annotations = (message as { annotations?: unknown }).annotations;
    if (!Array.isArray(annotations)) continue;
    for (const { type, file } of annotations as Partial<Annotation>[]) {
      const texts = Array.isArray(file?.content) ? file.content.map(({ text }) => text) : [];
      if (type === "file" && typeof file?.hash === "string" && texts.every((text) => typeof text === "string"))
        known.set(file.hash, texts.join("\n\n"));
    }
  }
  return known;
}

const step = (files: number): PipelineStep => ({
  type: "plugin",
  name: "file-parser",
  summary: `The text of ${files === 1 ? "a file" : `${files} files`} was put in its place.`,
  data: { engine: "pdf-text", files },
});
