"use client";

import { PencilIcon, Trash2Icon } from "lucide-react";
import { memo, useState } from "react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Textarea } from "@/components/ui/textarea";
import { AttachmentList } from "./attachment-list";
import type { UserMessage } from "./chat";
import { MessageAction } from "./message-actions";
import type { Session } from "./session";

type Props = {
  session: Session;
  columnId: string;
  message: UserMessage;
  editing: boolean;
  onEdit: (edited: { columnId: string; messageId: string } | null) => void;
};

export const UserMessageView = memo(function UserMessageView({ session, columnId, message, editing, onEdit }: Props) {
  if (editing) return <EditForm session={session} columnId={columnId} message={message} onDone={() => onEdit(null)} />;
  return (
    <article aria-label="You" className="group min-w-0">
      <div className="rounded-lg bg-secondary px-3 py-2">
        {message.text && (
          <p className="text-sm leading-relaxed whitespace-pre-wrap [overflow-wrap:anywhere]">{message.text}</p>
        )}
        <AttachmentList attachments={message.attachments} className={message.text ? "mt-2" : ""} />
      </div>
      <div className="-mr-1.5 flex justify-end">
        {message.text && <CopyButton value={message.text} label="Copy the message" className="size-7" />}
        <MessageAction
          label="Edit the message"
          icon={PencilIcon}
          onClick={() => onEdit({ columnId, messageId: message.id })}
        />
        <MessageAction
          label="Delete the message"
          icon={Trash2Icon}
          onClick={() => session.change({ type: "delete", columnId, messageId: message.id })}
        />
      </div>
    </article>
  );
});

type FormProps = Pick<Props, "session" | "columnId" | "message"> & { onDone: () => void };

/** A message that was said to several models is said anew to all of them, or to this one. */
function EditForm({ session, columnId, message, onDone }: FormProps) {
  const [text, setText] = useState(message.text);
  const holders = session.chat().columns.filter(({ messages }) => messages.some(({ id }) => id === message.id));
  const resend = (columnIds: string[]) => {
    if (!text.trim() && message.attachments.length === 0) return;
    onDone();
    void session.resend(columnIds, message.id, text);
  };
  const all = holders.map(({ id }) => id);
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        resend(all);
      }}
    >
      <Textarea
        aria-label="Edit the message"
        autoFocus
        value={text}
        onChange={({ target }) => setText(target.value)}
        onFocus={({ target }) => target.setSelectionRange(text.length, text.length)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          if (event.key === "Enter" && !event.shiftKey) {
            event.preventDefault();
            resend(all);
          }
          if (event.key === "Escape") {
            event.preventDefault();
            onDone();
          }
        }}
      />
      <AttachmentList attachments={message.attachments} />
      <p className="text-[13px] text-muted-foreground">What came after this message is dropped.</p>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" size="sm">
          {all.length > 1 ? `Resend to all ${all.length}` : "Resend"}
        </Button>
        {all.length > 1 && (
          <Button type="button" size="sm" variant="outline" onClick={() => resend([columnId])}>
            Resend here only
          </Button>
        )}
        <Button type="button" size="sm" variant="ghost" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
