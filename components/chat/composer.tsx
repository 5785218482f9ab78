"use client";

import { ArrowUpIcon, PaperclipIcon, SquareIcon } from "lucide-react";
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/button";
import { ACCEPTED_TYPES, refuseFile, toAttachment } from "./attach";
import { AttachmentList } from "./attachment-list";
import type { Attachment } from "./chat";
import { type ChatModel, cannotRead } from "./chat-model";

type Draft = { text: string; attachments: Attachment[] };

/** What was typed and not sent, by chat: leaving a chat and coming back loses nothing. */
const drafts = new Map<string, Draft>();

type Props = {
  chatId: string;
  field: RefObject<HTMLTextAreaElement | null>;
  /** Those that the prompt goes to. */
  models: ChatModel[];
  mostBytes: number;
  streaming: boolean;
  /** Why nothing can be sent now. */
  hindrance?: ReactNode;
  children?: ReactNode;
  onSend: (draft: Draft) => void;
  onStop: () => void;
  onEditLast: () => void;
};

export function Composer({ chatId, field, models, mostBytes, streaming, hindrance, children, ...on }: Props) {
  const [draft, setDraft] = useState<Draft>(() => drafts.get(chatId) ?? { text: "", attachments: [] });
  const picker = useRef<HTMLInputElement>(null);
  useEffect(() => void drafts.set(chatId, draft), [chatId, draft]);

  const attach = async (files: Iterable<File>) => {
    let { attachments } = draft;
    for (const file of files) {
      const refused = refuseFile(file, attachments, mostBytes);
      if (refused) {
        toast.error(refused);
        continue;
      }
      try {
        attachments = [...attachments, await toAttachment(file)];
      } catch (error) {
        toast.error((error as Error).message);
      }
    }
    const attached = attachments;
    setDraft((now) => ({ ...now, attachments: attached }));
  };

  const empty = !draft.text.trim() && draft.attachments.length === 0;
  const send = () => {
    if (empty || streaming || hindrance) return;
    on.onSend(draft);
    setDraft({ text: "", attachments: [] });
  };
  const blind = cannotRead(models, draft.attachments);

  return (
    <form
      className="shrink-0 border-t px-4 pt-3 pb-4"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void attach(event.dataTransfer.files);
      }}
    >
      <div className="mx-auto grid max-w-3xl gap-2">
        {children}
        {hindrance && (
          <p role="alert" className="text-[13px] text-destructive">
            {hindrance}
          </p>
        )}
        {blind.length > 0 && (
          <p role="status" className="text-[13px] text-warning">
            {blind.join(", ")} cannot read what is attached and may refuse it.
          </p>
        )}
        <div className="rounded-lg border border-input bg-background focus-within:border-ring focus-within:ring-2 focus-within:ring-ring/30">
          <AttachmentList
            attachments={draft.attachments}
            className="p-2 pb-0"
            onRemove={(id) => setDraft({ ...draft, attachments: draft.attachments.filter((file) => file.id !== id) })}
          />
          <textarea
            ref={field}
            aria-label="Message"
            aria-describedby="composer-keys"
            placeholder="Ask something"
            rows={1}
            value={draft.text}
            onChange={({ target }) => setDraft({ ...draft, text: target.value })}
            onPaste={(event) => {
              if (event.clipboardData.files.length === 0) return;
              event.preventDefault();
              void attach(event.clipboardData.files);
            }}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing) return;
              if (event.key === "Enter" && !event.shiftKey) {
                event.preventDefault();
                send();
              }
              if (event.key === "ArrowUp" && empty) {
                event.preventDefault();
                on.onEditLast();
              }
            }}
            className="field-sizing-content block max-h-[40dvh] min-h-11 w-full resize-none bg-transparent px-3 py-3 text-sm outline-none placeholder:text-muted-foreground"
          />
          <div className="flex items-center gap-2 px-2 pb-2">
            <input
              ref={picker}
              type="file"
              multiple
              hidden
              accept={ACCEPTED_TYPES.join()}
              onChange={({ target }) => {
                void attach([...(target.files ?? [])]);
                target.value = "";
              }}
            />
            <Button
              type="button"
              variant="ghost"
              size="icon-sm"
              aria-label="Attach pictures or PDFs"
              title="Attach pictures or PDFs"
              onClick={() => picker.current?.click()}
            >
              <PaperclipIcon />
            </Button>
            <p id="composer-keys" className="hidden text-xs text-muted-foreground sm:block">
              Enter sends, Shift+Enter begins a line
            </p>
            {streaming ? (
              <Button type="button" size="sm" className="ml-auto" onClick={on.onStop}>
                <SquareIcon className="size-3! fill-current" /> Stop
              </Button>
            ) : (
              <Button type="submit" size="sm" className="ml-auto" disabled={empty || Boolean(hindrance)}>
                <ArrowUpIcon /> Send
              </Button>
            )}
          </div>
        </div>
      </div>
    </form>
  );
}
