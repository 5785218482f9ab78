import { z } from "zod";
import { type Chat, EFFORTS, MOST_COLUMNS, newId } from "./chat";

const FORMAT = "openrouter-self-hosted-chats";
const VERSION = 1;
export const MOST_FILE_BYTES = 200 * 1024 * 1024;
const MOST_CHATS = 2_000;
const MOST_MESSAGES = 2_000;
const MOST_LETTERS = 4_000_000;
const MOST_URL_LETTERS = 30_000_000;

/** Nothing that a browser would run or fetch: pictures and documents are in the file, in formats that only show. */
const SHOWN = /^data:(?:image\/(?:png|jpeg|webp|gif)|application\/pdf);base64,[A-Za-z0-9+/=]*$/;

const id = z.string().min(1).max(100);
const text = z.string().max(MOST_LETTERS);
const short = z.string().max(300);
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const dataUrl = z.string().max(MOST_URL_LETTERS).regex(SHOWN);

const settings = z.object({
  system: text,
  temperature: short,
  topP: short,
  maxTokens: short,
  seed: short,
  effort: z.enum([...EFFORTS, ""]),
  format: z.enum(["text", "json_object", "json_schema"]),
  schema: text,
  tools: text,
});

const attachment = z.object({ id, kind: z.enum(["image", "pdf"]), name: short, url: dataUrl, bytes: count });

const message = z.discriminatedUnion("role", [
  z.object({ id, role: z.literal("user"), text, attachments: z.array(attachment).max(50) }),
  z.object({ id, role: z.literal("tool"), callId: short, name: short, text }),
  z.object({
    id,
    role: z.literal("assistant"),
    model: short,
    status: z
      .enum(["streaming", "done", "stopped", "failed"])
      .transform((was) => (was === "streaming" ? "stopped" : was)),
    text,
    refusal: text,
    reasoning: text,
    reasoningDetails: z.array(z.looseObject({ type: short, index: count.optional() })).max(10_000),
    toolCalls: z.array(z.object({ index: count, id: short, name: short, arguments: text })).max(1_000),
    images: z.array(z.string().max(MOST_URL_LETTERS)).max(50),
    provider: short.optional(),
    finishReason: short.optional(),
    generationId: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,100}$/)
      .optional(),
    usage: z
      .object({
        promptTokens: count,
        completionTokens: count,
        reasoningTokens: count,
        cachedTokens: count,
        cost: z.string().regex(/^\d{1,12}(?:\.\d{1,9})?$/),
      })
      .optional(),
    failure: z
      .object({
        status: count,
        type: short,
        message: text,
        provider: short.optional(),
        retryAfter: count.optional(),
      })
      .optional(),
    firstTokenMs: count.optional(),
    totalMs: count.optional(),
  }),
]);

const chat = z.object({
  id,
  title: short,
  createdAt: count,
  updatedAt: count,
  settings,
  columns: z
    .array(z.object({ id, model: short, settings: settings.nullable(), messages: z.array(message).max(MOST_MESSAGES) }))
    .min(1)
    .max(MOST_COLUMNS),
});

const file = z.object({ chats: z.array(chat).max(MOST_CHATS) });

/** Why a file was not taken, in words for who chose it. */
export class NotImported extends Error {}

export const writeChatFile = (chats: Chat[]): string => JSON.stringify({ format: FORMAT, version: VERSION, chats });

/**
 * The chats of an exported file. All or none are taken.
 * @throws NotImported
 */
export function readChatFile(content: string): Chat[] {
  if (content.length > MOST_FILE_BYTES) throw new NotImported("This file is too large to be an export of chats.");
  const given = parse(content);
  if (given.format !== FORMAT) throw new NotImported("This file is not an export of chats.");
  if (given.version !== VERSION)
    throw new NotImported(
      `This file has version ${JSON.stringify(given.version)} of the format; only version ${VERSION} can be read here.`,
    );
  const result = file.safeParse(given);
  if (result.success) return result.data.chats;
  const [issue] = result.error.issues;
  throw new NotImported(`This file is damaged at ${issue?.path.join(".") || "its beginning"}: ${issue?.message}`);
}

function parse(content: string): { format?: unknown; version?: unknown } {
  try {
    const given: unknown = JSON.parse(content);
    return typeof given === "object" && given !== null ? given : {};
  } catch {
    throw new NotImported("This file is not JSON.");
  }
}

/**
 * Which of the chats from a file are to be kept. One that is here as it is in the file is left out; one that went on
 * here since is left as it is, and the file's comes beside it.
 */
export function newcomers(chats: Chat[], here: { id: string; updatedAt: number }[]): Chat[] {
  const known = new Map(here.map(({ id, updatedAt }) => [id, updatedAt]));
  return chats.flatMap((chat) => {
    if (!known.has(chat.id)) return [chat];
    return known.get(chat.id) === chat.updatedAt ? [] : [{ ...chat, id: newId() }];
  });
}
