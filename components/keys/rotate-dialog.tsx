"use client";

import { useState } from "react";
import { ActionFailure } from "../forms/action-failure";
import { type Action, useAction } from "../forms/use-action";
import { LocalTime } from "../local-time";
import { Button } from "../ui/button";
import {
  Dialog,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "../ui/dialog";
import { Field } from "../ui/field";
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from "../ui/select";
import type { KeyRow } from "./key-row";
import { ShownKeyContent } from "./shown-key-content";

export type RotateKey = Action<{ hash: string; overlapHours: number }, { key: string; until: Date }>;

const overlaps = [
  { hours: 0, label: "Stops now" },
  { hours: 1, label: "Works for an hour more" },
  { hours: 24, label: "Works for a day more" },
  { hours: 168, label: "Works for a week more" },
  { hours: 720, label: "Works for 30 days more" },
];

/** A new secret for a key; the old one may work on for a while, so that programs can be changed over one by one. */
export function RotateDialog({
  row,
  kind,
  rotate,
  origin,
  model,
  close,
}: {
  row: KeyRow;
  kind: "inference" | "management";
  rotate: RotateKey;
  origin: string;
  model: string;
  close: () => void;
}) {
  const [hours, setHours] = useState("24");
  const [shown, setShown] = useState<{ key: string; until: Date }>();
  const { run, pending, failure } = useAction(rotate, setShown);
  return (
    <Dialog open onOpenChange={close}>
      {shown ? (
        <ShownKeyContent shown={{ key: shown.key, kind }} origin={origin} model={model} title="Its new secret">
          Copy it now, it cannot be shown again. The old one{" "}
          {hours === "0" ? (
            "has stopped."
          ) : (
            <>
              stops on <LocalTime at={shown.until} />.
            </>
          )}
        </ShownKeyContent>
      ) : (
        <DialogContent>
          <DialogHeader>
            <DialogTitle>Rotate {row.name}</DialogTitle>
            <DialogDescription>
              The key gets a new secret. Its limit, its settings and what it has used stay, and both secrets count in
              them.
            </DialogDescription>
          </DialogHeader>
          <ActionFailure failure={failure} />
          <Select value={hours} onValueChange={setHours}>
            <Field label="The old secret" hint="Until then both work.">
              <SelectTrigger className="w-full">
                <SelectValue />
              </SelectTrigger>
            </Field>
            <SelectContent>
              {overlaps.map((overlap) => (
                <SelectItem key={overlap.hours} value={String(overlap.hours)}>
                  {overlap.label}
                </SelectItem>
              ))}
            </SelectContent>
          </Select>
          <DialogFooter>
            <DialogClose asChild>
              <Button variant="outline">Cancel</Button>
            </DialogClose>
            <Button disabled={pending} onClick={() => run({ hash: row.hash, overlapHours: Number(hours) })}>
              Rotate the key
            </Button>
          </DialogFooter>
        </DialogContent>
      )}
    </Dialog>
  );
}
