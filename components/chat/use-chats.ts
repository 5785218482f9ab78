"use client";

import { useQueryState } from "nuqs";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { toast } from "sonner";
import type { Ask } from "./ask";
import { type Answer, type Chat, newChat } from "./chat";
import { type ChatDatabase, type ChatSummary, summaryOf } from "./chat-database";
import { nextFrame } from "./frame";
import { keepSaved } from "./keep-saved";
import { createSession, type Session } from "./session";

type Surroundings = {
  database: ChatDatabase;
  ask: Ask;
  /** What a first chat begins with. */
  firstModels: () => string[];
  onAnswered: (answer: Answer) => void;
};

export type Chats = ReturnType<typeof useChats>;

/** The chats of this browser: the list of them, and the one that is open. Answers go on in one that was left. */
export function useChats({ database, ask, firstModels, onAnswered }: Surroundings) {
  const [summaries, setSummaries] = useState<ChatSummary[]>([]);
  const [openId, setOpenId] = useQueryState("chat");
  const sessions = useRef(new Map<string, { session: Session; forget: () => void }>());

  const begin = useCallback(
    (chat: Chat): Session => {
      const known = sessions.current.get(chat.id);
      if (known) return known.session;
      const session = createSession(chat, { ask, nextFrame, onAnswered });
      const forget = keepSaved(session, async (changed) => {
        await database.put(changed);
        setSummaries((before) => [summaryOf(changed), ...before.filter(({ id }) => id !== changed.id)]);
      });
      sessions.current.set(chat.id, { session, forget });
      return session;
    },
    [ask, database, onAnswered],
  );

  const [session, setSession] = useState<Session>(() => createSession(newChat([]), { ask, nextFrame }));
  const chat = useSyncExternalStore(session.subscribe, session.chat, session.chat);

  const open = useCallback(
    async (id: string) => {
      const found = sessions.current.get(id)?.session.chat() ?? (await database.get(id));
      if (found) setSession(begin(found));
      else toast.error("This chat is not in this browser.");
    },
    [begin, database],
  );

  const startNew = useCallback(
    (models: string[]) => {
      setSession(begin(newChat(models)));
      void setOpenId(null);
    },
    [begin, setOpenId],
  );

  const refresh = useCallback(async () => setSummaries(await database.list()), [database]);

  const rename = useCallback(
    async (id: string, title: string) => {
      const found = sessions.current.get(id)?.session.chat() ?? (await database.get(id));
      if (found) begin(found).change({ type: "rename", title });
    },
    [begin, database],
  );

  const remove = useCallback(
    async (id: string) => {
      sessions.current.get(id)?.session.stop();
      sessions.current.get(id)?.forget();
      sessions.current.delete(id);
      await database.remove(id);
      setSummaries((before) => before.filter((summary) => summary.id !== id));
    },
    [database],
  );

  // Once: what the address names, or a chat that is new.
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    const fresh = () => setSession(begin(newChat(firstModels())));
    refresh().catch((error: Error) => toast.error(error.message));
    const named = openId ? database.get(openId).catch(() => undefined) : Promise.resolve(undefined);
    void named.then((found) => {
      if (found) return setSession(begin(found));
      fresh();
      void setOpenId(null);
    });
  }, [begin, database, firstModels, openId, refresh, setOpenId]);

  // The address names the chat from its first message on, so that a reload shows it again.
  const spoken = chat.columns.some(({ messages }) => messages.length > 0);
  useEffect(() => {
    if (spoken && openId !== chat.id) void setOpenId(chat.id);
  }, [spoken, chat.id, openId, setOpenId]);

  return useMemo(
    () => ({ summaries, session, chat, open, startNew, rename, remove, refresh }),
    [summaries, session, chat, open, startNew, rename, remove, refresh],
  );
}
