"use client";

import { type FormEvent, useState } from "react";
import { ActionFailure } from "../forms/action-failure";
import { type Action, useAction } from "../forms/use-action";
import { Alert, AlertDescription, AlertTitle } from "../ui/alert";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { Field } from "../ui/field";
import { Input } from "../ui/input";

/** Makes a code that turns into credits. It is shown once, here. */
export function CodeForm({ make }: { make: Action<FormData, { code: string }> }) {
  const [code, setCode] = useState<string>();
  const { run, pending, failure } = useAction(make, (made) => setCode(made.code));
  const wrong = failure?.fields ?? {};
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setCode(undefined);
    run(new FormData(event.currentTarget));
  };
  return (
    <div className="grid gap-4">
      {code && (
        <Alert variant="success">
          <AlertTitle>The code, which is not shown again</AlertTitle>
          <AlertDescription className="flex flex-wrap items-center gap-2">
            <code className="font-mono text-foreground">{code}</code>
            <CopyButton value={code} label="Copy the code" />
          </AlertDescription>
        </Alert>
      )}
      <ActionFailure failure={failure} />
      <form onSubmit={submit} method="post" noValidate className="grid items-start gap-4 sm:grid-cols-2">
        <Field label="US dollars" error={wrong.amount}>
          <Input name="amount" inputMode="decimal" autoComplete="off" />
        </Field>
        <Field label="How many accounts may redeem it" error={wrong.uses} hint="Each once.">
          <Input name="uses" inputMode="numeric" defaultValue="1" autoComplete="off" />
        </Field>
        <Field label="Until (UTC)" error={wrong.until} hint="Such as 2027-01-31. Empty: for ever.">
          <Input name="until" autoComplete="off" />
        </Field>
        <Field label="Note" error={wrong.note} hint="For you; may stay empty.">
          <Input name="note" maxLength={200} autoComplete="off" />
        </Field>
        <Button type="submit" disabled={pending} className="justify-self-start">
          Make a code
        </Button>
      </form>
    </div>
  );
}
