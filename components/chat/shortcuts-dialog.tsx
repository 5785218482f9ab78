"use client";

import { Dialog, DialogContent, DialogDescription, DialogHeader, DialogTitle } from "@/components/ui/dialog";

const SHORTCUTS = [
  ["Send", ["Enter"]],
  ["Begin a new line", ["Shift", "Enter"]],
  ["Stop all answers", ["Esc"]],
  ["Edit the last message, from an empty field", ["↑"]],
  ["New chat", ["Ctrl or ⌘", "Shift", "O"]],
  ["Settings", ["Ctrl or ⌘", ","]],
  ["To the message field", ["/"]],
  ["This list", ["?"]],
] as const;

export function ShortcutsDialog({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle>Keyboard</DialogTitle>
          <DialogDescription>Those of one letter count while no field is in use.</DialogDescription>
        </DialogHeader>
        <dl className="grid gap-2 text-sm">
          {SHORTCUTS.map(([what, keys]) => (
            <div key={what} className="flex items-center justify-between gap-4">
              <dt>{what}</dt>
              <dd className="flex gap-1">
                {keys.map((key) => (
                  <kbd key={key} className="rounded-sm border bg-muted px-1.5 py-0.5 text-xs whitespace-nowrap">
                    {key}
                  </kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </DialogContent>
    </Dialog>
  );
}
