import { Columns2Icon, KeyboardIcon, PanelLeftIcon, SlidersHorizontalIcon, SquarePenIcon } from "lucide-react";
import { Button } from "@/components/ui/button";
import { MOST_COLUMNS } from "./chat";
import type { ChatModel } from "./chat-model";
import { ModelPicker } from "./model-picker";

type Props = {
  title: string;
  models: ChatModel[];
  columns: number;
  onAddColumn: (model: string) => void;
  onChats: () => void;
  onNew: () => void;
  onSettings: () => void;
  onShortcuts: () => void;
};

export function Toolbar({ title, models, columns, ...on }: Props) {
  return (
    <div className="flex h-12 shrink-0 items-center gap-1 border-b px-3">
      <Button
        variant="ghost"
        size="icon-sm"
        className="xl:hidden"
        aria-label="Chats"
        title="Chats"
        onClick={on.onChats}
      >
        <PanelLeftIcon />
      </Button>
      <h1 className="min-w-0 flex-1 truncate px-1 text-sm font-medium">{title}</h1>
      <Button
        variant="ghost"
        size="icon-sm"
        className="xl:hidden"
        aria-label="New chat"
        title="New chat"
        onClick={on.onNew}
      >
        <SquarePenIcon />
      </Button>
      {columns < MOST_COLUMNS && (
        <ModelPicker models={models} onChoose={on.onAddColumn}>
          <Button variant="ghost" size="sm" aria-label="Add a model">
            <Columns2Icon /> <span className="hidden sm:inline">Add a model</span>
          </Button>
        </ModelPicker>
      )}
      <Button variant="ghost" size="sm" aria-label="Settings" onClick={on.onSettings}>
        <SlidersHorizontalIcon /> <span className="hidden sm:inline">Settings</span>
      </Button>
      <Button
        variant="ghost"
        size="icon-sm"
        className="hidden sm:inline-flex"
        aria-label="Keyboard shortcuts"
        title="Keyboard shortcuts (?)"
        onClick={on.onShortcuts}
      >
        <KeyboardIcon />
      </Button>
    </div>
  );
}
