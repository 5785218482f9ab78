"use client";

import { EllipsisIcon, PencilIcon, RefreshCwIcon, Trash2Icon } from "lucide-react";
import dynamic from "next/dynamic";
import { type Action, useAction } from "../forms/use-action";
import { Button } from "../ui/button";
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogHeader, DialogTitle } from "../ui/dialog";
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from "../ui/dropdown-menu";
import { FetchedKeyForm } from "./fetched-key-form";
import type { KeySettings } from "./key-form";
import type { KeyRow } from "./key-row";
import type { RotateKey } from "./rotate-dialog";

// Seldom opened, and fetched only then.
const DeleteDialog = dynamic(() => import("./delete-dialog").then((module) => module.DeleteDialog), { ssr: false });
const RotateDialog = dynamic(() => import("./rotate-dialog").then((module) => module.RotateDialog), { ssr: false });

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
        <FetchedKeyForm
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
