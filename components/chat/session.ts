import type { Ask } from "./ask";
import { type Change, changeChat } from "./change-chat";
import { type Answer, type Attachment, type Chat, type Column, newAnswer, newId, type ToolMessage } from "./chat";
import { toRequest } from "./to-request";

export type Session = ReturnType<typeof createSession>;

type Surroundings = {
  ask: Ask;
  /** Runs work with the next frame: what came by then is shown at once. */
  nextFrame: (work: () => void) => void;
  onAnswered?: (answer: Answer) => void;
};

/** A chat that is open: what is said in it, and the answers that are under way. */
export function createSession(opened: Chat, { ask, nextFrame, onAnswered }: Surroundings) {
  let chat = opened;
  const listeners = new Set<() => void>();
  const running = new Map<string, AbortController>();
  const fresh = new Map<string, Answer>();

  const change = (next: Change) => {
    chat = changeChat(chat, next);
    for (const listener of listeners) listener();
  };
  const columnOf = (columnId: string) => chat.columns.find(({ id }) => id === columnId);

  const show = (answer: Answer) => {
    fresh.set(answer.id, answer);
    if (fresh.size === 1) nextFrame(flush);
  };
  const flush = () => {
    if (fresh.size === 0) return;
    const answers = [...fresh.values()];
    fresh.clear();
    change({ type: "progress", answers });
  };

  const begin = async (column: Column) => {
    const answer = newAnswer(column.model);
    const controller = new AbortController();
    running.set(answer.id, controller);
    const body = toRequest(column.model, column.settings ?? chat.settings, column.messages);
    change({ type: "begin", columnId: column.id, answer });
    const ended = await ask({ body, answer, signal: controller.signal, onProgress: show });
    running.delete(answer.id);
    fresh.set(answer.id, ended);
    flush();
    onAnswered?.(ended);
  };

  /** Has each of the columns answer what it holds now. */
  const answer = async (columnIds: string[]): Promise<void> => {
    stop(columnIds);
    await Promise.all(columnIds.flatMap((id) => columnOf(id) ?? []).map(begin));
  };

  const stop = (columnIds: string[] = chat.columns.map(({ id }) => id)) => {
    for (const { messages } of columnIds.flatMap((id) => columnOf(id) ?? []))
      for (const { id } of messages) running.get(id)?.abort();
  };

  return {
    chat: () => chat,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    change(next: Change) {
      if ("columnId" in next && (next.type === "remove-column" || next.type === "clear-column")) stop([next.columnId]);
      change(next);
    },
    send(columnIds: string[], text: string, attachments: Attachment[]) {
      stop(columnIds);
      change({ type: "say", columnIds, message: { id: newId(), role: "user", text, attachments } });
      return answer(columnIds);
    },
    /** Says an edited message again, in every column named. */
    resend(columnIds: string[], messageId: string, text: string) {
      stop(columnIds);
      change({ type: "edit", columnIds, messageId, text });
      return answer(columnIds);
    },
    /** Asks once more for what an answer answered. */
    regenerate(columnId: string, messageId: string) {
      stop([columnId]);
      change({ type: "rewind", columnId, messageId });
      return answer([columnId]);
    },
    answerTools(columnId: string, results: ToolMessage[]) {
      change({ type: "tool-results", columnId, results });
      return answer([columnId]);
    },
    stop,
  };
}
