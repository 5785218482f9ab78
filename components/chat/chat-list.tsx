"use client";

import { DownloadIcon, PencilIcon, PlusIcon, SearchIcon, Trash2Icon, UploadIcon } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Input } from "@/components/ui/input";
import { type ChatSummary, matches } from "./chat-database";

type Props = {
  summaries: ChatSummary[];
  openId: string;
  onOpen: (id: string) => void;
  onNew: () => void;
  onRename: (summary: ChatSummary) => void;
  onDelete: (summary: ChatSummary) => void;
  onExport: () => void;
  onImport: (file: File) => void;
};

export function ChatList({ summaries, openId, onOpen, onNew, onRename, onDelete, onExport, onImport }: Props) {
  const [sought, setSought] = useState("");
  const picker = useRef<HTMLInputElement>(null);
  const found = summaries.filter((summary) => matches(summary, sought));
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="grid gap-2 p-3">
        <Button variant="outline" size="sm" onClick={onNew}>
          <PlusIcon /> New chat
        </Button>
        <div className="relative">
          <SearchIcon className="absolute top-2.5 left-2.5 size-4 text-muted-foreground" aria-hidden="true" />
          <Input
            type="search"
            aria-label="Search the chats"
            placeholder="Search"
            className="pl-8"
            value={sought}
            onChange={({ target }) => setSought(target.value)}
          />
        </div>
      </div>
      <nav aria-label="Chats" className="min-h-0 flex-1 overflow-y-auto px-2">
        {found.length === 0 && (
          <p className="px-2 py-3 text-[13px] text-muted-foreground">
            {sought ? "No chat has these words." : "Chats are kept in this browser and nowhere else."}
          </p>
        )}
        <ul className="grid grid-cols-[minmax(0,1fr)] gap-0.5">
          {found.map((summary) => (
            <li key={summary.id} className="group relative flex">
              <button
                type="button"
                aria-current={summary.id === openId ? "page" : undefined}
                onClick={() => onOpen(summary.id)}
                className={cn(
                  "min-w-0 flex-1 cursor-pointer rounded-md py-1.5 pr-16 pl-2.5 text-left outline-none focus-visible:ring-2 focus-visible:ring-ring",
                  summary.id === openId ? "bg-accent" : "hover:bg-accent/60",
                )}
              >
                <span className="block truncate text-sm">{summary.title}</span>
                <span className="block truncate text-xs text-muted-foreground">{summary.models.join(", ")}</span>
              </button>
              <span className="absolute top-1.5 right-1 flex">
                <RowAction label={`Rename ${summary.title}`} icon={PencilIcon} onClick={() => onRename(summary)} />
                <RowAction label={`Delete ${summary.title}`} icon={Trash2Icon} onClick={() => onDelete(summary)} />
              </span>
            </li>
          ))}
        </ul>
      </nav>
      <div className="flex gap-1 border-t p-2">
        <Button variant="ghost" size="sm" className="flex-1" onClick={onExport} disabled={summaries.length === 0}>
          <DownloadIcon /> Export
        </Button>
        <Button variant="ghost" size="sm" className="flex-1" onClick={() => picker.current?.click()}>
          <UploadIcon /> Import
        </Button>
        <input
          ref={picker}
          type="file"
          hidden
          aria-label="Import chats"
          accept="application/json,.json"
          onChange={({ target }) => {
            const [file] = target.files ?? [];
            if (file) onImport(file);
            target.value = "";
          }}
        />
      </div>
    </div>
  );
}

type RowProps = { label: string; icon: typeof PencilIcon; onClick: () => void };

/** Quiet until the row is pointed at; always there for keys and fingers. */
const RowAction = ({ label, icon: Icon, onClick }: RowProps) => (
  <Button
    variant="ghost"
    size="icon-sm"
    aria-label={label}
    title={label}
    onClick={onClick}
    className="size-7 text-muted-foreground focus-visible:opacity-100 md:opacity-0 md:group-focus-within:opacity-100 md:group-hover:opacity-100"
  >
    <Icon />
  </Button>
);
