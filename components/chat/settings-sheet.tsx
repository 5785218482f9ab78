"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Label } from "@/components/ui/label";
import { Sheet, SheetContent, SheetDescription, SheetHeader, SheetTitle } from "@/components/ui/sheet";
import { type Chat, NO_SETTINGS, type Settings } from "./chat";
import { type ChatModel, nameOf } from "./chat-model";
import type { Session } from "./session";
import { SettingsFields } from "./settings-fields";

type Props = {
  session: Session;
  chat: Chat;
  models: ChatModel[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
};

/** The settings of the chat, or of a column that has its own. They count from the next answer on. */
export function SettingsSheet({ session, chat, models, open, onOpenChange }: Props) {
  const [wanted, setWanted] = useState<string>();
  const column = chat.columns.find(({ id, settings }) => id === wanted && settings);
  const settings = column?.settings ?? chat.settings;
  const concerned = chat.columns.filter((each) => (column ? each === column : !each.settings));
  const own = chat.columns.filter((each) => each.settings);

  const change = (next: Settings) =>
    session.change(
      column ? { type: "column-settings", columnId: column.id, settings: next } : { type: "settings", settings: next },
    );

  return (
    <Sheet open={open} onOpenChange={onOpenChange}>
      <SheetContent className="gap-0">
        <SheetHeader>
          <SheetTitle>Settings</SheetTitle>
          <SheetDescription>
            They count from the next answer on. An empty field leaves it to the model.
          </SheetDescription>
        </SheetHeader>
        {own.length > 0 && (
          <div className="grid gap-2 border-b px-4 pb-4">
            <Label htmlFor="settings-of">Of</Label>
            <select
              id="settings-of"
              className="h-9 rounded-md border border-input bg-background px-2 text-sm"
              value={column?.id ?? ""}
              onChange={({ target }) => setWanted(target.value || undefined)}
            >
              <option value="">the chat</option>
              {own.map(({ id, model }) => (
                <option key={id} value={id}>
                  {nameOf(models, model)}
                </option>
              ))}
            </select>
          </div>
        )}
        <SettingsFields
          settings={settings}
          models={models.filter(({ slug }) => concerned.some(({ model }) => model === slug))}
          onChange={change}
        />
        <div className="px-4 pb-6">
          <Button variant="outline" size="sm" onClick={() => change(NO_SETTINGS)}>
            Empty all fields
          </Button>
        </div>
      </SheetContent>
    </Sheet>
  );
}
