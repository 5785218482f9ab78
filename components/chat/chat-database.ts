import { type Chat, titleOf } from "./chat";

/** What the list shows of a chat, and what a search looks in; kept apart so that a list reads no attachments. */
export type ChatSummary = { id: string; title: string; updatedAt: number; models: string[]; text: string };

/** The browser has no room, or no place at all (a private window may have none). */
export class NotKept extends Error {}

const SEARCHED_LETTERS = 20_000;

/** The chats of one account, in this browser. Another account on the same computer has a database of its own. */
export function chatDatabase(accountId: string) {
  let opening: Promise<IDBDatabase> | undefined;
  const open = () => (opening ??= openDatabase(`chats-${accountId}`));

  return {
    list: async (): Promise<ChatSummary[]> => {
      const summaries = await run<ChatSummary[]>(await open(), "readonly", ({ summaries }) => summaries.getAll());
      return summaries.sort((a, b) => b.updatedAt - a.updatedAt);
    },
    all: async () => run<Chat[]>(await open(), "readonly", ({ chats }) => chats.getAll()),
    get: async (id: string) => {
      const chat = await run<Chat | undefined>(await open(), "readonly", ({ chats }) => chats.get(id));
      return chat && interrupted(chat);
    },
    /** @throws NotKept */
    put: async (...kept: Chat[]): Promise<void> => {
      await run(await open(), "readwrite", ({ chats, summaries }) => {
        for (const chat of kept) {
          chats.put(chat);
          summaries.put(summaryOf(chat));
        }
        return undefined;
      });
    },
    remove: async (id: string): Promise<void> => {
      await run(await open(), "readwrite", ({ chats, summaries }) => {
        chats.delete(id);
        return summaries.delete(id);
      });
    },
  };
}

export type ChatDatabase = ReturnType<typeof chatDatabase>;

function openDatabase(name: string): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("chats", { keyPath: "id" });
      request.result.createObjectStore("summaries", { keyPath: "id" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(notKept(request.error));
  });
}

type Stores = { chats: IDBObjectStore; summaries: IDBObjectStore };

/** One transaction: it is whole, or nothing of it is there. */
function run<T>(
  database: IDBDatabase,
  mode: IDBTransactionMode,
  work: (stores: Stores) => IDBRequest<T> | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(["chats", "summaries"], mode);
    const request = work({
      chats: transaction.objectStore("chats"),
      summaries: transaction.objectStore("summaries"),
    });
    transaction.oncomplete = () => resolve(request?.result as T);
    transaction.onabort = transaction.onerror = () => reject(notKept(transaction.error));
  });
}

const notKept = (cause: DOMException | null) =>
  new NotKept(
    cause?.name === "QuotaExceededError"
      ? "The browser has no room left for this chat. Export chats and delete some."
      : "The browser does not keep chats here. Export what you want to keep.",
    { cause },
  );

export function summaryOf(chat: Chat): ChatSummary {
  const said = chat.columns.flatMap(({ messages }) => messages.map(({ text }) => text)).join("\n");
  return {
    id: chat.id,
    title: titleOf(chat),
    updatedAt: chat.updatedAt,
    models: [...new Set(chat.columns.map(({ model }) => model))],
    text: said.slice(0, SEARCHED_LETTERS).toLowerCase(),
  };
}

export function matches({ title, models, text }: ChatSummary, sought: string): boolean {
  const words = sought.toLowerCase().split(/\s+/).filter(Boolean);
  const within = `${title.toLowerCase()}\n${models.join("\n")}\n${text}`;
  return words.every((word) => within.includes(word));
}

/** Nothing runs in a chat that was just opened: what was under way when the page went is what had come. */
export const interrupted = (chat: Chat): Chat => ({
  ...chat,
  columns: chat.columns.map((column) => ({
    ...column,
    messages: column.messages.map((message) =>
      message.role === "assistant" && message.status === "streaming" ? { ...message, status: "stopped" } : message,
    ),
  })),
});
