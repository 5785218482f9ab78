"use client";

import { ArrowDownIcon, ArrowUpIcon, KeyRoundIcon, PlusIcon, Trash2Icon } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import type { Action } from "../forms/use-action";
import { useAction } from "../forms/use-action";
import { LocalTime } from "../local-time";
import { PageHeader } from "../page-header";
import {
  AlertDialog,
  AlertDialogCancel,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogFooter,
  AlertDialogHeader,
  AlertDialogTitle,
} from "../ui/alert-dialog";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Empty } from "../ui/empty";
import { Switch } from "../ui/switch";
import { type AddByok, ByokDialog } from "./byok-dialog";
import type { ByokRow } from "./byok-row";

export type ByokActions = {
  add: AddByok;
  setDisabled: Action<{ id: string; disabled: boolean }>;
  remove: Action<{ id: string }>;
  reorder: Action<{ ids: string[] }>;
};

/** A user's own keys for providers, in the order in which they are tried. */
export function ByokList({
  rows,
  providers,
  actions,
}: {
  rows: ByokRow[];
  providers: { slug: string; name: string }[];
  actions: ByokActions;
}) {
  const [adding, setAdding] = useState(false);
  return (
    <>
      <PageHeader
        title="Provider keys"
        description="Bring your own key: your requests go to a provider on your account there, in this order."
      >
        <Button onClick={() => setAdding(true)}>
          <PlusIcon /> Add a key
        </Button>
      </PageHeader>
      <Dialog open={adding} onOpenChange={setAdding}>
        <ByokDialog providers={providers} add={actions.add} close={() => setAdding(false)} />
      </Dialog>
      {rows.length === 0 ? (
        <Empty icon={<KeyRoundIcon />} title="No keys of your own">
          With a key of yours, the provider charges you itself; this server charges its fee alone, if it has one.
        </Empty>
      ) : (
        <ol className="divide-y rounded-lg border">
          {rows.map((row, place) => (
            <Key key={row.id} row={row} place={place} rows={rows} actions={actions} />
          ))}
        </ol>
      )}
    </>
  );
}

function Key({ row, place, rows, actions }: { row: ByokRow; place: number; rows: ByokRow[]; actions: ByokActions }) {
  const switching = useAction(actions.setDisabled, nothing);
  const moving = useAction(actions.reorder, nothing);
  const [asked, setAsked] = useState(false);
  const name = row.name ?? row.provider;
  const move = (to: number) => {
    const ids = rows.map(({ id }) => id).filter((id) => id !== row.id);
    moving.run({ ids: ids.toSpliced(to, 0, row.id) });
  };
  const failure = switching.failure ?? moving.failure;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-40 flex-1">
        <p className="flex flex-wrap items-center gap-2 text-sm font-medium break-words">
          {name}
          {row.isFallback && <Badge>Fallback</Badge>}
          {row.isRequired && <Badge>Always</Badge>}
          {row.disabled && <Badge>Disabled</Badge>}
        </p>
        <p className="text-[13px] text-muted-foreground">
          {row.provider} · <code className="font-mono text-xs">{row.label}</code>
        </p>
        <p className="text-[13px] text-muted-foreground">
          {row.lastUsedAt ? (
            <>
              Last used <LocalTime at={row.lastUsedAt} />
            </>
          ) : (
            "Not used yet"
          )}
        </p>
        {row.lastFailure && (
          <p className="text-[13px] text-destructive">
            Failed <LocalTime at={row.lastFailure.at} />: {row.lastFailure.what.replaceAll("_", " ")}
          </p>
        )}
        {failure && (
          <p role="alert" className="text-[13px] text-destructive">
            {failure.message}
          </p>
        )}
      </div>
      <div className="flex items-center gap-1">
        <Switch
          className="mr-2"
          checked={!row.disabled}
          disabled={switching.pending}
          onCheckedChange={(enabled) => switching.run({ id: row.id, disabled: !enabled })}
          aria-label={`${name} may be used`}
        />
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={`Try ${name} earlier`}
          disabled={place === 0 || moving.pending}
          onClick={() => move(place - 1)}
        >
          <ArrowUpIcon />
        </Button>
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={`Try ${name} later`}
          disabled={place === rows.length - 1 || moving.pending}
          onClick={() => move(place + 1)}
        >
          <ArrowDownIcon />
        </Button>
        <Button variant="ghost" size="icon-sm" aria-label={`Remove ${name}`} onClick={() => setAsked(true)}>
          <Trash2Icon />
        </Button>
      </div>
      {asked && <RemoveDialog row={row} name={name} remove={actions.remove} close={() => setAsked(false)} />}
    </li>
  );
}

function RemoveDialog({
  row,
  name,
  remove,
  close,
}: {
  row: ByokRow;
  name: string;
  remove: ByokActions["remove"];
  close: () => void;
}) {
  const { run, pending, failure } = useAction(remove, () => {
    close();
    toast.success(`${name} was removed.`);
  });
  return (
    <AlertDialog open onOpenChange={close}>
      <AlertDialogContent>
        <AlertDialogHeader>
          <AlertDialogTitle>Remove {name}?</AlertDialogTitle>
          <AlertDialogDescription>
            It is deleted here, and your requests go by this server's own capacity. At the provider it stays as it is.
          </AlertDialogDescription>
        </AlertDialogHeader>
        {failure && <p className="text-sm text-destructive">{failure.message}</p>}
        <AlertDialogFooter>
          <AlertDialogCancel>Cancel</AlertDialogCancel>
          <Button variant="destructive" disabled={pending} onClick={() => run({ id: row.id })}>
            Remove the key
          </Button>
        </AlertDialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  );
}

const nothing = () => {};
