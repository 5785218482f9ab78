"use client";

import { type FormEvent, type ReactNode, useState } from "react";
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
  AlertDialogTrigger,
} from "../ui/alert-dialog";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Input } from "../ui/input";

/**
 * A button for what an operator decides: it says what will happen, and asks why where `why` is the name of a field. The
 * action gets `input` and that field.
 */
export function Decision({
  label,
  title,
  children,
  action,
  input,
  why,
  done,
  destructive = false,
}: {
  label: string;
  title: string;
  children: ReactNode;
  action: Action<FormData>;
  input: Record<string, string>;
  why?: string;
  done: string;
  destructive?: boolean;
}) {
  const [open, setOpen] = useState(false);
  const { run, pending, failure, reset } = useAction(action, () => {
    setOpen(false);
    toast.success(done);
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    for (const [name, value] of Object.entries(input)) form.set(name, value);
    run(form);
  };
  const change = (next: boolean) => {
    reset();
    setOpen(next);
  };
  return (
    <AlertDialog open={open} onOpenChange={change}>
      <AlertDialogTrigger asChild>
        <Button variant="outline" size="sm">
          {label}
        </Button>
      </AlertDialogTrigger>
      <AlertDialogContent>
        <form onSubmit={submit} className="grid gap-4" noValidate>
          <AlertDialogHeader>
            <AlertDialogTitle>{title}</AlertDialogTitle>
            <AlertDialogDescription>{children}</AlertDialogDescription>
          </AlertDialogHeader>
          <ActionFailure failure={failure} />
          {why && (
            <Field label="Why" error={failure?.fields?.[why]} hint="Kept in the audit log.">
              <Input name={why} maxLength={500} autoComplete="off" />
            </Field>
          )}
          <AlertDialogFooter>
            <AlertDialogCancel>Cancel</AlertDialogCancel>
            <Button type="submit" variant={destructive ? "destructive" : "default"} disabled={pending}>
              {label}
            </Button>
          </AlertDialogFooter>
        </form>
      </AlertDialogContent>
    </AlertDialog>
  );
}
