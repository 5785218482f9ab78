"use client";

import type { ReactNode } from "react";
import { Button } from "../ui/button";
import { DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from "../ui/dialog";
import { NewKeyNotice, type ShownKey } from "./new-key-notice";

/** The end of a dialog that made a key. A click beside it does not close it: the key would be lost. */
export function ShownKeyContent({
  title,
  children,
  ...notice
}: {
  shown: ShownKey;
  origin: string;
  model: string;
  title: string;
  children: ReactNode;
}) {
  return (
    <DialogContent onInteractOutside={(event) => event.preventDefault()}>
      <DialogHeader>
        <DialogTitle>{title}</DialogTitle>
        <DialogDescription>{children}</DialogDescription>
      </DialogHeader>
      <NewKeyNotice {...notice} />
      <DialogFooter>
        <DialogClose asChild>
          <Button>I have copied it</Button>
        </DialogClose>
      </DialogFooter>
    </DialogContent>
  );
}
