"use client";

import { memo, useRef } from "react";
import { cn } from "@/components/ui/cn";
import { AnswerView } from "./answer-view";
import type { Column } from "./chat";
import { type ChatModel, nameOf } from "./chat-model";
import { ColumnHeader } from "./column-header";
import type { Session } from "./session";
import { ToolResult } from "./tool-calls";
import { useBottom } from "./use-bottom";
import { UserMessageView } from "./user-message";

export type Editing = { columnId: string; messageId: string } | null;

type Props = {
  session: Session;
  column: Column;
  models: ChatModel[];
  /** Nothing was said yet: the head alone is shown. */
  empty: boolean;
  /** On narrow screens one column is shown at a time. */
  shown: boolean;
  single: boolean;
  editing: Editing;
  onEdit: (editing: Editing) => void;
};

export const ColumnView = memo(function ColumnView({
  session,
  column,
  models,
  empty,
  shown,
  single,
  editing,
  onEdit,
}: Props) {
  const region = useRef<HTMLDivElement>(null);
  const { onScroll } = useBottom(region, column.messages);
  const name = nameOf(models, column.model);
  return (
    <section
      aria-label={name}
      className={cn("flex min-h-0 min-w-0 flex-1 flex-col md:flex md:border-l md:first:border-l-0", !shown && "hidden")}
    >
      <ColumnHeader session={session} column={column} models={models} single={single} />
      <div
        ref={region}
        hidden={empty}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-4 py-4"
      >
        <div className={cn("mx-auto grid gap-4", single && "max-w-3xl")}>
          {column.messages.map((message, index) => {
            if (message.role === "user")
              return (
                <UserMessageView
                  key={message.id}
                  session={session}
                  columnId={column.id}
                  message={message}
                  editing={editing?.columnId === column.id && editing.messageId === message.id}
                  onEdit={onEdit}
                />
              );
            if (message.role === "tool") return <ToolResult key={message.id} result={message} />;
            return (
              <AnswerView
                key={message.id}
                session={session}
                columnId={column.id}
                answer={message}
                modelName={nameOf(models, message.model)}
                isLast={index === column.messages.length - 1}
              />
            );
          })}
        </div>
      </div>
    </section>
  );
});
