import { cn } from "@/components/ui/cn";
import { type Column, isStreaming } from "./chat";
import { type ChatModel, nameOf } from "./chat-model";

type Props = { columns: Column[]; models: ChatModel[]; shownId: string; onShow: (columnId: string) => void };

/** On narrow screens: which of the columns is seen. */
export function ColumnSwitch({ columns, models, shownId, onShow }: Props) {
  if (columns.length < 2) return null;
  return (
    <fieldset className="flex shrink-0 overflow-x-auto border-b px-2 md:hidden">
      <legend className="sr-only">Shown column</legend>
      {columns.map((column) => (
        <button
          key={column.id}
          type="button"
          aria-pressed={column.id === shownId}
          onClick={() => onShow(column.id)}
          className={cn(
            "min-w-0 flex-1 cursor-pointer truncate border-b-2 px-2 py-2 text-[13px] font-medium outline-none focus-visible:ring-2 focus-visible:ring-ring focus-visible:ring-inset",
            column.id === shownId ? "border-foreground" : "border-transparent text-muted-foreground",
          )}
        >
          {nameOf(models, column.model)}
          {isStreaming(column) && <span className="text-muted-foreground"> …</span>}
        </button>
      ))}
    </fieldset>
  );
}
