import {
  type Answer,
  type Chat,
  type Column,
  type Message,
  MOST_COLUMNS,
  type Settings,
  type ToolMessage,
  type UserMessage,
} from "./chat";

export type Change =
  | { type: "rename"; title: string }
  /** Without a column: the chat's. Null: the column has the chat's again. */
  | { type: "settings"; settings: Settings }
  | { type: "column-settings"; columnId: string; settings: Settings | null }
  | { type: "add-column"; column: Column }
  | { type: "remove-column"; columnId: string }
  | { type: "swap-model"; columnId: string; model: string }
  | { type: "clear-column"; columnId: string }
  | { type: "say"; columnIds: string[]; message: UserMessage }
  /** What came after the message is dropped: it answered another text. */
  | { type: "edit"; columnIds: string[]; messageId: string; text: string }
  | { type: "tool-results"; columnId: string; results: ToolMessage[] }
  | { type: "begin"; columnId: string; answer: Answer }
  | { type: "progress"; answers: Answer[] }
  /** Drops the message and all that came after it. */
  | { type: "rewind"; columnId: string; messageId: string }
  | { type: "delete"; columnId: string; messageId: string };

/** The chat after a change. What did not change is the same object, so that nothing finished is drawn again. */
export function changeChat(chat: Chat, change: Change): Chat {
  switch (change.type) {
    case "rename":
      return { ...chat, title: change.title };
    case "settings":
      return { ...chat, settings: change.settings };
    case "column-settings":
      return inColumns(chat, [change.columnId], (column) => ({ ...column, settings: change.settings }));
    case "add-column":
      return chat.columns.length < MOST_COLUMNS ? { ...chat, columns: [...chat.columns, change.column] } : chat;
    case "remove-column":
      return chat.columns.length > 1
        ? { ...chat, columns: chat.columns.filter(({ id }) => id !== change.columnId) }
        : chat;
    case "swap-model":
      return inColumns(chat, [change.columnId], (column) => ({ ...column, model: change.model }));
    case "clear-column":
      return inMessages(chat, [change.columnId], () => []);
    case "say":
      return inMessages(chat, change.columnIds, (messages) => [...messages, change.message]);
    case "edit":
      return inMessages(chat, change.columnIds, (messages) => edited(messages, change.messageId, change.text));
    case "tool-results":
      return inMessages(chat, [change.columnId], (messages) => [...messages, ...change.results]);
    case "begin":
      return inMessages(chat, [change.columnId], (messages) => [...messages, change.answer]);
    case "progress":
      return progressed(chat, change.answers);
    case "rewind":
      return inMessages(chat, [change.columnId], (messages) => before(messages, change.messageId));
    case "delete":
      return inMessages(chat, [change.columnId], (messages) => without(messages, change.messageId));
  }
}

function inColumns(chat: Chat, ids: string[], work: (column: Column) => Column): Chat {
  return { ...chat, columns: chat.columns.map((column) => (ids.includes(column.id) ? work(column) : column)) };
}

const inMessages = (chat: Chat, ids: string[], work: (messages: Message[]) => Message[]): Chat =>
  inColumns(chat, ids, (column) => ({ ...column, messages: work(column.messages) }));

function progressed(chat: Chat, answers: Answer[]): Chat {
  const byId = new Map<string, Message>(answers.map((answer) => [answer.id, answer]));
  const columns = chat.columns.map((column) => {
    if (!column.messages.some(({ id }) => byId.has(id))) return column;
    return { ...column, messages: column.messages.map((message) => byId.get(message.id) ?? message) };
  });
  return { ...chat, columns };
}

function edited(messages: Message[], messageId: string, text: string): Message[] {
  const index = messages.findIndex(({ id }) => id === messageId);
  const message = messages[index];
  return message?.role === "user" ? [...messages.slice(0, index), { ...message, text }] : messages;
}

function before(messages: Message[], messageId: string): Message[] {
  const index = messages.findIndex(({ id }) => id === messageId);
  return index < 0 ? messages : messages.slice(0, index);
}

/** Results go with the answer that asked for them. */
function without(messages: Message[], messageId: string): Message[] {
  const start = messages.findIndex(({ id }) => id === messageId);
  if (start < 0) return messages;
  const isResult = (index: number) => messages[start]?.role === "assistant" && messages[index]?.role === "tool";
  let end = start + 1;
  while (isResult(end)) end++;
  return [...messages.slice(0, start), ...messages.slice(end)];
}
