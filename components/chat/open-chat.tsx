"use client";

import { type RefObject, useState } from "react";
import { cn } from "@/components/ui/cn";
import { type Chat, isStreaming, type Settings, type UserMessage } from "./chat";
import type { ChatModel } from "./chat-model";
import { ColumnSwitch } from "./column-switch";
import { ColumnView, type Editing } from "./column-view";
import { Composer } from "./composer";
import { readSettings } from "./read-settings";
import type { Session } from "./session";
import { StartingPrompts } from "./starting-prompts";
import { ALL_COLUMNS, TargetChoice } from "./target-choice";

type Props = {
  session: Session;
  chat: Chat;
  models: ChatModel[];
  mostBytes: number;
  field: RefObject<HTMLTextAreaElement | null>;
  onSettings: () => void;
};

/** The columns of the chat that is open, and the field for the next prompt. */
export function OpenChat({ session, chat, models, mostBytes, field, onSettings }: Props) {
  const [editing, setEditing] = useState<Editing>(null);
  const [target, setTarget] = useState(ALL_COLUMNS);
  const [shown, setShown] = useState<string>();
  const { columns } = chat;

  const shownId = columns.some(({ id }) => id === shown) ? (shown as string) : (columns[0]?.id ?? "");
  const alone = columns.find(({ id }) => id === target);
  const asked = alone ? [alone] : columns;
  const askedIds = asked.map(({ id }) => id);
  const empty = columns.every(({ messages }) => messages.length === 0);
  const wrong = asked.some(({ settings }) => isWrong(settings ?? chat.settings));

  const editLast = () => {
    const column = alone ?? columns.find(({ id }) => id === shownId) ?? columns[0];
    const last = column?.messages.findLast((message): message is UserMessage => message.role === "user");
    if (column && last) setEditing({ columnId: column.id, messageId: last.id });
  };

  return (
    <>
      <ColumnSwitch columns={columns} models={models} shownId={shownId} onShow={setShown} />
      <div className={cn("flex min-h-0", empty || "flex-1")}>
        {columns.map((column) => (
          <ColumnView
            key={column.id}
            session={session}
            column={column}
            models={models}
            empty={empty}
            shown={column.id === shownId}
            single={columns.length === 1}
            editing={editing?.columnId === column.id ? editing : null}
            onEdit={setEditing}
          />
        ))}
      </div>
      {empty && (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <StartingPrompts onChoose={(text) => void session.send(askedIds, text, [])} />
        </div>
      )}
      <Composer
        key={chat.id}
        chatId={chat.id}
        field={field}
        models={models.filter(({ slug }) => asked.some(({ model }) => model === slug))}
        mostBytes={mostBytes}
        streaming={asked.some(isStreaming)}
        hindrance={
          wrong && (
            <>
              A setting is not right.{" "}
              <button type="button" className="cursor-pointer underline" onClick={onSettings}>
                Open the settings
              </button>
            </>
          )
        }
        onSend={({ text, attachments }) => void session.send(askedIds, text, attachments)}
        onStop={() => session.stop(askedIds)}
        onEditLast={editLast}
      >
        <TargetChoice columns={columns} models={models} chosen={alone?.id ?? ALL_COLUMNS} onChoose={setTarget} />
      </Composer>
    </>
  );
}

const isWrong = (settings: Settings) => Object.keys(readSettings(settings).errors).length > 0;
