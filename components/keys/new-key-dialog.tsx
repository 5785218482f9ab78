"use client";

import { PlusIcon } from "lucide-react";
import { useState } from "react";
import { type Action, useAction } from "../forms/use-action";
import { Button } from "../ui/button";
import {
  Dialog,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogHeader,
  DialogTitle,
  DialogTrigger,
} from "../ui/dialog";
import { FetchedKeyForm } from "./fetched-key-form";
import type { KeySettings } from "./key-form";
import { ShownKeyContent } from "./shown-key-content";

export type CreateKey = Action<KeySettings & { kind: "inference" | "management" }, { key: string }>;

const words = {
  inference: {
    button: "New key",
    title: "A new key",
    description: "Programs call models with it, and pay from your balance.",
  },
  management: {
    button: "New management key",
    title: "A new management key",
    description: "It makes, changes and deletes your other keys. It cannot call models.",
  },
};

/** Makes a key of a kind and shows it, once. */
export function NewKeyDialog({
  kind,
  create,
  origin,
  model,
  models,
}: {
  kind: "inference" | "management";
  create: CreateKey;
  origin: string;
  model: string;
  models: string[];
}) {
  const [open, setOpen] = useState(false);
  const [shown, setShown] = useState<string>();
  const { run, pending, failure, reset } = useAction(create, ({ key }) => setShown(key));
  const { button, title, description } = words[kind];
  const onOpenChange = (next: boolean) => {
    setOpen(next);
    setShown(undefined);
    reset();
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogTrigger asChild>
        <Button>
          <PlusIcon /> {button}
        </Button>
      </DialogTrigger>
      {shown ? (
        <ShownKeyContent shown={{ key: shown, kind }} origin={origin} model={model} title="Your new key">
          Copy it now. What is stored here is its fingerprint, so that it cannot be shown again.
        </ShownKeyContent>
      ) : (
        <DialogContent>
          <DialogHeader>
            <DialogTitle>{title}</DialogTitle>
            <DialogDescription>{description}</DialogDescription>
          </DialogHeader>
          <FetchedKeyForm
            withLimit={kind === "inference"}
            models={models}
            submit={(settings) => run({ ...settings, kind })}
            submitLabel="Create the key"
            pending={pending}
            failure={failure}
            cancel={
              <DialogClose asChild>
                <Button variant="outline">Cancel</Button>
              </DialogClose>
            }
          />
        </DialogContent>
      )}
    </Dialog>
  );
}
