"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import {
  Dialog,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

type Props = { title: string; onRename: (title: string) => void; onClose: () => void };

export function RenameDialog({ title, onRename, onClose }: Props) {
  const [text, setText] = useState(title);
  return (
    <Dialog open onOpenChange={(open) => open || onClose()}>
      <DialogContent>
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            onRename(text.trim());
            onClose();
          }}
        >
          <DialogHeader>
            <DialogTitle>Rename the chat</DialogTitle>
            <DialogDescription>Without a name it is called by its first line.</DialogDescription>
          </DialogHeader>
          <Field label="Name">
            <Input value={text} maxLength={200} onChange={({ target }) => setText(target.value)} />
          </Field>
          <DialogFooter>
            <Button type="button" variant="outline" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit">Rename</Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
