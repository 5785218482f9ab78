"use client";

import { EllipsisIcon, PencilIcon, RefreshCwIcon, Trash2Icon } from "lucide-react";
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
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogHeader, DialogTitle } from "../ui/dialog";
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from "../ui/dropdown-menu";
import { KeyForm, type KeySettings } from "./key-form";
import type { KeyRow } from "./key-row";
import { RotateDialog, type RotateKey } from "./rotate-dialog";

export type KeyActions = {
  edit: Action<KeySettings & { hash: string }>;
  setDisabled: Action<{ hash: string; disabled: boolean }>;
  remove: Action<{ hash: string }>;
  rotate: RotateKey;
};

/** What dialogs about keys name: this server's address, a model for examples, and all models. */
export type KeySurroundings = { origin: string; model: string; models: string[] };

export type KeyDialog = { what: "edit" | "rotate" | "delete"; row: KeyRow };

/** What can be done with a key, at the end of its row. */
export function KeyMenu({ row, open }: { row: KeyRow; open: (dialog: KeyDialog) => void }) {
  return (
    <DropdownMenu modal={false}>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="icon-sm" aria-label={`What to do with ${row.name}`}>
          <EllipsisIcon />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem onSelect={() => open({ what: "edit", row })}>
          <PencilIcon /> Edit
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => open({ what: "rotate", row })}>
          <RefreshCwIcon /> Rotate
        </DropdownMenuItem>
        <DropdownMenuItem variant="destructive" onSelect={() => open({ what: "delete", row })}>
          <Trash2Icon /> Delete
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}

/** The dialog that is open. It stands beside the table: a rotated key's row is made anew while its secret is shown. */
export function KeyDialogs({
  dialog,
  withLimit,
  actions,
  surroundings,
  close,
}: {
  dialog: KeyDialog | undefined;
  withLimit: boolean;
  actions: KeyActions;
  surroundings: KeySurroundings;
  close: () => void;
}) {
  if (!dialog) return null;
  const { what, row } = dialog;
  if (what === "delete") return <DeleteDialog row={row} remove={actions.remove} close={close} />;
  if (what === "edit")
    return (
      <EditDialog row={row} withLimit={withLimit} models={surroundings.models} edit={actions.edit} close={close} />
    );
  return (
    <RotateDialog
      row={row}
      kind={withLimit ? "inference" : "management"}
      rotate={actions.rotate}
      origin={surroundings.origin}
      model={surroundings.model}
      close={close}
    />
  );
}

function EditDialog({
  row,
  withLimit,
  models,
  edit,
  close,
}: {
  row: KeyRow;
  withLimit: boolean;
  models: string[];
  edit: KeyActions["edit"];
  close: () => void;
}) {
  const { run, pending, failure } = useAction(edit, close);
  return (
    <Dialog open onOpenChange={close}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle>{row.name}</DialogTitle>
          <DialogDescription>
            A change acts within five seconds, on every server. Requests that run already end as they began.
          </DialogDescription>
        </DialogHeader>
        <KeyForm
          row={row}
          withLimit={withLimit}
          models={models}
          submit={(settings) => run({ ...settings, hash: row.hash })}
          submitLabel="Save"
          pending={pending}
          failure={failure}
          cancel={
            <DialogClose asChild>
              <Button variant="outline">Cancel</Button>
            </DialogClose>
          }
        />
      </DialogContent>
    </Dialog>
  );
}

function DeleteDialog({ row, remove, close }: { row: KeyRow; remove: KeyActions["remove"]; close: () => void }) {
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
