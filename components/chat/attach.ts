import { type Attachment, newId } from "./chat";

const IMAGE_TYPES = ["image/png", "image/jpeg", "image/webp", "image/gif"];
export const ACCEPTED_TYPES = [...IMAGE_TYPES, "application/pdf"];
const MOST_FILES = 10;
const MEGABYTE = 1024 * 1024;

/** A request carries its attachments as text, which takes four bytes for three. */
const TEXT_PER_BYTE = 4 / 3;

/** How many bytes of attachments a request may have, when its body may have `mostBodyBytes`; some are left for the words. */
export const mostAttachedBytes = (mostBodyBytes: number) => Math.floor((mostBodyBytes * 0.9) / TEXT_PER_BYTE);

type Candidate = { name: string; type: string; size: number };

/** Why a file is not taken, or undefined when it is. */
export function refuseFile(file: Candidate, attached: Attachment[], mostBytes: number): string | undefined {
  if (!ACCEPTED_TYPES.includes(file.type))
    return `${file.name || "This file"} is neither a picture (PNG, JPEG, WebP, GIF) nor a PDF.`;
  if (attached.length >= MOST_FILES) return `At most ${MOST_FILES} files go with a prompt.`;
  if (file.size === 0) return `${file.name} is empty.`;
  const sum = attached.reduce((bytes, attachment) => bytes + attachment.bytes, file.size);
  if (sum > mostBytes)
    return `${file.name} does not fit: files of a prompt may have ${(mostBytes / MEGABYTE).toFixed(1)} MB in all.`;
  return undefined;
}

export async function toAttachment(file: File): Promise<Attachment> {
  const url = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(new Error(`${file.name} could not be read.`));
    reader.readAsDataURL(file);
  });
  return {
    id: newId(),
    kind: file.type === "application/pdf" ? "pdf" : "image",
    name: (file.name || "Pasted picture").slice(0, 200),
    url,
    bytes: file.size,
  };
}
