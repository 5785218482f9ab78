"use client";

import { createContext, type ReactNode, useContext, useEffect, useRef, useState, useTransition } from "react";
import { useAwake } from "@/components/forms/use-awake";
import { Alert, AlertDescription } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

type Result =
  | { ok: true; data: unknown }
  | { ok: false; message: string; fields?: Record<string, string>; confirm?: true };

type Props = {
  action: (form: FormData) => Promise<Result>;
  submit: string;
  /** Stands in place of the form when it has been sent; without it the page goes on by itself. */
  done?: string;
  /** Sent along with what is typed. */
  hidden?: Record<string, string | undefined>;
  variant?: "default" | "outline" | "destructive";
  /** Where one goes to prove again who one is, if the action asks for it. */
  confirmAt?: string;
  children?: ReactNode;
};

const Errors = createContext<Record<string, string>>({});

/** What is wrong with a field of an `ActionForm`. */
export const useFieldError = (name: string): string | undefined => useContext(Errors)[name];

/** A form for one server action. What is wrong stands next to its field and is read out; what was typed stays. */
export function ActionForm({ action, submit, done, hidden = {}, variant, confirmAt, children }: Props) {
  const [result, setResult] = useState<Result>();
  const [pending, start] = useTransition();
  const form = useRef<HTMLFormElement>(null);
  const awake = useAwake();

  useEffect(() => {
    if (result?.ok === false) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [result]);

  if (result?.ok && done)
    return (
      <p role="status" className="text-sm">
        {done}
      </p>
    );
  const failure = result?.ok === false ? result : undefined;
  const fields = failure?.fields ?? {};
  return (
    <form
      ref={form}
      // Sent before the page has woken up, it must not put a password into an address.
      method="post"
      noValidate
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        start(async () => setResult(await action(data).catch(() => unreachable)));
      }}
    >
      {Object.entries(hidden).map(
        ([name, value]) => value !== undefined && <input key={name} type="hidden" name={name} value={value} />,
      )}
      {failure && Object.keys(fields).length === 0 && (
        <Alert variant="destructive">
          <AlertDescription>
            {failure.message}{" "}
            {failure.confirm && confirmAt && (
              <a className="font-medium underline underline-offset-4" href={confirmAt}>
                Confirm it now
              </a>
            )}
          </AlertDescription>
        </Alert>
      )}
      <Errors value={fields}>{children}</Errors>
      {/* Its fields keep what is typed before the page wakes up; sent, it would be lost. */}
      <Button type="submit" variant={variant} disabled={pending || !awake} aria-busy={pending}>
        {pending ? "One moment …" : submit}
      </Button>
    </form>
  );
}

const unreachable: Result = { ok: false, message: "The server could not be reached. Try again." };

type FieldProps = {
  name: string;
  label: string;
  type?: "text" | "email" | "password";
  hint?: string;
  autoComplete: string;
  defaultValue?: string;
  inputMode?: "numeric" | "text";
  autoFocus?: boolean;
};

/** A text field of an `ActionForm`. */
export function FormField({ name, label, hint, type = "text", ...input }: FieldProps) {
  const error = useFieldError(name);
  return (
    <Field label={label} hint={hint} error={error}>
      <Input id={name} name={name} type={type} required={input.autoComplete !== "name"} {...input} />
    </Field>
  );
}
