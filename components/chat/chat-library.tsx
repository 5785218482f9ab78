"use client";

import { useState } from "react";
import { toast } from "sonner";
import type { ChatDatabase, ChatSummary } from "./chat-database";
import { ChatList } from "./chat-list";
import { DeleteDialog } from "./delete-dialog";
import { RenameDialog } from "./rename-dialog";
import { exportChats, importChats } from "./transfer";
import type { Chats } from "./use-chats";

type Props = {
  chats: Chats;
  database: ChatDatabase;
  onNew: () => void;
  /** A chat was chosen. */
  onOpen?: () => void;
};

/** The chats that this browser keeps, and what can be done with them. */
export function ChatLibrary({ chats, database, onNew, onOpen }: Props) {
  const [renaming, setRenaming] = useState<ChatSummary>();
  const [deleting, setDeleting] = useState<ChatSummary>();
  const complain = (error: Error) => void toast.error(error.message, { duration: 10_000 });

  return (
    <>
      <ChatList
        summaries={chats.summaries}
        openId={chats.chat.id}
        onNew={onNew}
        onOpen={(id) => {
          chats.open(id).catch(complain);
          onOpen?.();
        }}
        onRename={setRenaming}
        onDelete={setDeleting}
        onExport={() => exportChats(database).catch(complain)}
        onImport={(file) =>
          importChats(database, file)
            .then(async (outcome) => {
              await chats.refresh();
              toast.success(outcome);
            })
            .catch(complain)
        }
      />
      {renaming && (
        <RenameDialog
          title={renaming.title}
          onRename={(title) => chats.rename(renaming.id, title).catch(complain)}
          onClose={() => setRenaming(undefined)}
        />
      )}
      {deleting && (
        <DeleteDialog
          title={deleting.title}
          onDelete={() => {
            chats.remove(deleting.id).catch(complain);
            if (deleting.id === chats.chat.id) onNew();
          }}
          onClose={() => setDeleting(undefined)}
        />
      )}
    </>
  );
}
