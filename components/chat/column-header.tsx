"use client";

import {
  ChevronDownIcon,
  EraserIcon,
  MoreHorizontalIcon,
  SlidersHorizontalIcon,
  SquareIcon,
  XIcon,
} from "lucide-react";
import { Button } from "@/components/ui/button";
import {
  DropdownMenu,
  DropdownMenuCheckboxItem,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { usdText } from "@/components/usd";
import { parseUsd } from "@/lib/money";
import { type Column, isStreaming } from "./chat";
import { type ChatModel, nameOf } from "./chat-model";
import { ModelPicker } from "./model-picker";
import type { Session } from "./session";

type Props = { session: Session; column: Column; models: ChatModel[]; single: boolean };

/** Which model answers in a column, what it has cost so far, and what can be done with the column. */
export function ColumnHeader({ session, column, models, single }: Props) {
  const name = nameOf(models, column.model);
  const served = models.some(({ slug }) => slug === column.model);
  const cost = costOf(column);
  return (
    <header className="flex h-11 shrink-0 items-center gap-1 border-b px-2">
      <ModelPicker
        models={models}
        chosen={column.model}
        onChoose={(model) => session.change({ type: "swap-model", columnId: column.id, model })}
      >
        <Button variant="ghost" size="sm" className="min-w-0 shrink px-2" aria-label={`Model: ${name}. Change it`}>
          <span className="truncate">{name}</span>
          <ChevronDownIcon className="text-muted-foreground" />
        </Button>
      </ModelPicker>
      {!served && <span className="truncate text-xs text-warning">not served now</span>}
      <span className="ml-auto shrink-0 text-xs text-muted-foreground tabular-nums" title="What this column has cost">
        {cost > 0n && usdText(cost)}
      </span>
      {isStreaming(column) && (
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={`Stop ${name}`}
          title="Stop"
          onClick={() => session.stop([column.id])}
        >
          <SquareIcon className="fill-current" />
        </Button>
      )}
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="ghost" size="icon-sm" aria-label={`More for ${name}`}>
            <MoreHorizontalIcon />
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          <DropdownMenuCheckboxItem
            checked={column.settings !== null}
            onCheckedChange={(own) =>
              session.change({
                type: "column-settings",
                columnId: column.id,
                settings: own ? session.chat().settings : null,
              })
            }
          >
            <SlidersHorizontalIcon /> Settings of its own
          </DropdownMenuCheckboxItem>
          <DropdownMenuItem onSelect={() => session.change({ type: "clear-column", columnId: column.id })}>
            <EraserIcon /> Clear the conversation
          </DropdownMenuItem>
          {!single && (
            <DropdownMenuItem
              variant="destructive"
              onSelect={() => session.change({ type: "remove-column", columnId: column.id })}
            >
              <XIcon /> Remove the column
            </DropdownMenuItem>
          )}
        </DropdownMenuContent>
      </DropdownMenu>
    </header>
  );
}

const costOf = ({ messages }: Column): bigint =>
  messages.reduce(
    (sum, message) => (message.role === "assistant" && message.usage ? sum + parseUsd(message.usage.cost) : sum),
    0n,
  );
