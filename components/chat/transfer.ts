import type { ChatDatabase } from "./chat-database";

/** Hands all chats of this browser to the reader as a file. The format is loaded when it is wanted. */
export async function exportChats(database: ChatDatabase): Promise<void> {
  const [chats, { writeChatFile }] = await Promise.all([database.all(), import("./chat-file")]);
  const url = URL.createObjectURL(new Blob([writeChatFile(chats)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `chats-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/**
 * Takes the chats of a file in, and says in words what came of it.
 * @throws NotImported, NotKept
 */
export async function importChats(database: ChatDatabase, file: File): Promise<string> {
  const { readChatFile, newcomers, MOST_FILE_BYTES, NotImported } = await import("./chat-file");
  if (file.size > MOST_FILE_BYTES) throw new NotImported("This file is too large to be an export of chats.");
  const chats = readChatFile(await file.text());
  const fresh = newcomers(chats, await database.list());
  await database.put(...fresh);
  const known = chats.length - fresh.length;
  return `${counted(fresh.length)} imported${known ? `, ${known} already here` : ""}.`;
}

const counted = (chats: number) => (chats === 1 ? "1 chat" : `${chats} chats`);
