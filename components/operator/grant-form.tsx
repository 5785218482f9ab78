"use client";

import { ActionForm, FormField } from "../auth/action-form";
import type { Action } from "../forms/use-action";

/** Gives a user credits. `reference` is new with each page: the same form sent twice is booked once. */
export function GrantForm({
  userId,
  reference,
  grant,
  confirmAt,
}: {
  userId: string;
  reference: string;
  grant: Action<FormData>;
  confirmAt: string;
}) {
  return (
    <ActionForm
      action={grant}
      submit="Book it"
      hidden={{ userId, reference }}
      confirmAt={confirmAt}
      done="Booked. The ledger below has it; open the page anew to book another."
    >
      <FormField
        name="amount"
        label="US dollars"
        hint="Such as 12.50; with a minus it is taken away, at most what is there."
        autoComplete="off"
      />
      <FormField name="reason" label="Why" hint="The user sees it in his ledger." autoComplete="off" />
    </ActionForm>
  );
}
