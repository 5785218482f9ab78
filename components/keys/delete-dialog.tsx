"use client";

import { toast } from "sonner";
import { ActionFailure } from "../forms/action-failure";
import { type Action, useAction } from "../forms/use-action";
import {
  AlertDialog,
  AlertDialogCancel,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogFooter,
  AlertDialogHeader,
  AlertDialogTitle,
} from "../ui/alert-dialog";
import { Button } from "../ui/button";
import type { KeyRow } from "./key-row";

export function DeleteDialog({
  row,
  remove,
  close,
}: {
  row: KeyRow;
  remove: Action<{ hash: string }>;
  close: () => void;
}) {
  const { run, pending, failure } = useAction(remove, () => {
    close();
    toast.success(`${row.name} was deleted.`);
  });
  return (
    <AlertDialog open onOpenChange={close}>
      <AlertDialogContent>
        <AlertDialogHeader>
          <AlertDialogTitle>Delete {row.name}?</AlertDialogTitle>
          <AlertDialogDescription>
            Programs that use <code className="font-mono text-[13px]">{row.label}</code> are refused from then on, and
            it cannot be brought back. What it has used stays in your ledger.
          </AlertDialogDescription>
        </AlertDialogHeader>
        <ActionFailure failure={failure} />
        <AlertDialogFooter>
          <AlertDialogCancel>Cancel</AlertDialogCancel>
          <Button variant="destructive" disabled={pending} onClick={() => run({ hash: row.hash })}>
            Delete the key
          </Button>
        </AlertDialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  );
}
