"use client";

import { useState } from "react";
import { toast } from "sonner";
import { ActionFailure } from "../forms/action-failure";
import { Form } from "../forms/form";
import { type Action, useAction } from "../forms/use-action";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { SwitchField } from "./switch-field";

type Typed = { lowBalance: string; keyLimits: boolean };

/** What an owner wants to be told by mail. */
export function NoticesForm({ save, ...given }: Typed & { save: Action<Typed> }) {
  const [typed, setTyped] = useState<Typed>(given);
  const { run, pending, failure } = useAction(save, () => void toast.success("Saved."));
  return (
    <Form onSubmit={() => run(typed)} className="gap-6">
      <ActionFailure failure={failure} />
      <Field
        label="My balance falls below, in US dollars"
        error={failure?.fields?.lowBalance}
        hint="Empty: you are not told. After a mail there is none until the balance has been above it again."
      >
        <Input
          value={typed.lowBalance}
          onChange={(event) => setTyped({ ...typed, lowBalance: event.target.value })}
          inputMode="decimal"
          placeholder="10"
          autoComplete="off"
          className="max-w-40 tabular-nums"
        />
      </Field>
      <SwitchField
        label="A key has spent 80 % of its limit, or all of it"
        hint="Once for each, every time that the limit starts anew or is changed. All of it is 99 % or more, since a limit is never exceeded."
        checked={typed.keyLimits}
        onChange={(keyLimits) => setTyped({ ...typed, keyLimits })}
      />
      <Button type="submit" className="justify-self-start" disabled={pending}>
        Save
      </Button>
    </Form>
  );
}
