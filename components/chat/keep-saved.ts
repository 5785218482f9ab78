import { toast } from "sonner";
import type { Chat } from "./chat";
import type { Session } from "./session";

const SAVE_MS = 800;

/**
 * Saves a session's chat while it changes, at most once in `SAVE_MS`, and at once when the page is left. A chat in which
 * nothing was said is not kept. Returns what ends it, without saving.
 */
export function keepSaved(session: Session, save: (chat: Chat) => Promise<void>): () => void {
  let saved = session.chat();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let complained = false;

  const saveNow = () => {
    clearTimeout(timer);
    timer = undefined;
    const chat = session.chat();
    if (chat === saved || chat.columns.every(({ messages }) => messages.length === 0)) return;
    saved = chat;
    save({ ...chat, updatedAt: Date.now() }).catch((error: Error) => {
      if (!complained) toast.error(error.message, { duration: 10_000 });
      complained = true;
    });
  };
  const unsubscribe = session.subscribe(() => {
    timer ??= setTimeout(saveNow, SAVE_MS);
  });
  document.addEventListener("visibilitychange", saveNow);
  return () => {
    clearTimeout(timer);
    unsubscribe();
    document.removeEventListener("visibilitychange", saveNow);
  };
}
