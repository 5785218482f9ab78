"use client";

import { useState } from "react";
import { toast } from "sonner";
import { ActionFailure } from "../forms/action-failure";
import { Form } from "../forms/form";
import { type Action, useAction } from "../forms/use-action";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Input } from "../ui/input";

export function NameForm({ given, rename }: { given: string; rename: Action<{ name: string }> }) {
  const [name, setName] = useState(given);
  const { run, pending, failure } = useAction(rename, () => void toast.success("Saved."));
  return (
    <Form onSubmit={() => run({ name })}>
      <ActionFailure failure={failure} />
      <Field label="Name" error={failure?.fields?.name} hint="Shown to you alone. May stay empty.">
        <Input value={name} onChange={(event) => setName(event.target.value)} maxLength={100} autoComplete="name" />
      </Field>
      <Button type="submit" className="justify-self-start" disabled={pending}>
        Save
      </Button>
    </Form>
  );
}
