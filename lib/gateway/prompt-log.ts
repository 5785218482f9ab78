import { db } from "@/db/client";
import { deleteOldPromptLogs, findPromptLog, insertPromptLog, updateLogsPrompts } from "@/db/queries/prompt-logs";
import { env } from "@/lib/env";
import { type Caller, forgetAccount } from "@/lib/keys/authenticate";
import { log } from "@/lib/log";
import { processWide } from "@/lib/process-wide";
import type { ChatChunk } from "@/lib/protocol/chat-chunk";
import type { ChatRequest } from "@/lib/protocol/chat-request";
import { collect } from "@/lib/protocol/collect";
import { seal, unseal } from "@/lib/seal";

/** So much of a request and of an answer is kept each, in characters of JSON. */
const MOST_CHARACTERS = 256 * 1024;
/** So many are being written at once; of more, nothing is kept. */
const MOST_PENDING = 32;

export const promptLogDays = () => env().PROMPT_LOG_DAYS ?? 7;

const pending = () => processWide("prompt-logs", () => new Set<Promise<void>>());

export type KeptPrompt = { request: string; answer: string | null; isCut: boolean };

type Begun<T> = Promise<T & { chunks: AsyncIterable<ChatChunk> }>;

/**
 * Listens to an answer that begins, where the caller's account wants it kept: what he is given does not change, and nothing
 * waits. It is written when he has it all, or it broke off, or never came.
 */
export function keptPrompt<T>(id: string, caller: Caller, request: ChatRequest, begun: Begun<T>): Begun<T> {
  if (!caller.logsPrompts) return begun;
  const keep = (heard: ChatChunk[], isCut: boolean) => later(() => write(id, caller.accountId, request, heard, isCut));
  return begun.then(
    (answer) => ({ ...answer, chunks: listening(answer.chunks, keep) }),
    (error) => {
      keep([], false);
      throw error;
    },
  );
}

async function* listening(chunks: AsyncIterable<ChatChunk>, keep: (heard: ChatChunk[], isCut: boolean) => void) {
  const heard: ChatChunk[] = [];
  let characters = 0;
  try {
    for await (const chunk of chunks) {
      // What an answer says is most of its JSON.
      if (characters < MOST_CHARACTERS) heard.push(chunk);
      for (const { delta } of chunk.choices)
        characters += (delta.content?.length ?? 0) + (delta.reasoning?.length ?? 0) + (delta.audio?.data?.length ?? 0);
      yield chunk;
    }
  } finally {
    keep(heard, characters >= MOST_CHARACTERS);
  }
}

function later(write: () => Promise<void>): void {
  const writing = pending();
  if (writing.size >= MOST_PENDING) return void log().warn("a prompt was not kept: too many are being written");
  const written = new Promise((resolve) => setImmediate(resolve))
    .then(write)
    .catch((err) => log().warn({ err }, "a prompt was not kept"))
    .finally(() => writing.delete(written));
  writing.add(written);
}

/** When all that is being written is written. */
export const promptsKept = async (): Promise<void> => void (await Promise.all(pending()));

async function write(id: string, accountId: string, request: ChatRequest, heard: ChatChunk[], isCut: boolean) {
  const asked = JSON.stringify(request);
  const { choices } = await collect(each(heard));
  const said = choices.length > 0 ? JSON.stringify(choices) : null;
  const kept = { request: asked.slice(0, MOST_CHARACTERS), answer: said?.slice(0, MOST_CHARACTERS) ?? null };
  const cut = isCut || asked.length > MOST_CHARACTERS || (said?.length ?? 0) > MOST_CHARACTERS;
  const sealed = seal(JSON.stringify(kept), ownerOf(accountId, id));
  await insertPromptLog(db(), { generationId: id, accountId, sealed, isCut: cut });
}

async function* each<T>(items: T[]) {
  yield* items;
}

/** What was asked and answered in one request of the account's; undefined where it was not kept, or not any more. */
export async function readPrompt(accountId: string, id: string): Promise<KeptPrompt | "unreadable" | undefined> {
  const row = await findPromptLog(db(), accountId, id, promptLogDays());
  if (!row) return undefined;
  try {
    return { ...JSON.parse(unseal(row.sealed, ownerOf(accountId, id))), isCut: row.isCut };
  } catch (err) {
    log().error({ err, generation: id }, "a kept prompt does not open");
    return "unreadable";
  }
}

const ownerOf = (accountId: string, id: string) => `prompt_logs.${accountId}.${id}`;

/** Acts at once, also in other processes: none writes what the account does not want any more. */
export async function setLogsPrompts(accountId: string, logsPrompts: boolean): Promise<void> {
  await updateLogsPrompts(db(), accountId, logsPrompts);
  forgetAccount(accountId);
}

const ROWS_AT_ONCE = 1_000;

/** Clears away prompts whose time is over. None of them is shown any more before that. */
export async function sweepPromptLogs(): Promise<void> {
  while ((await deleteOldPromptLogs(db(), promptLogDays(), ROWS_AT_ONCE)) === ROWS_AT_ONCE);
}
