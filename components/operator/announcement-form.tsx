"use client";

import { ActionForm, FormField } from "../auth/action-form";
import type { Action } from "../forms/use-action";
import { FormSelect } from "./form-select";

const TIME = "Such as 2027-01-31 12:00.";

/** Something that everybody who is signed in is told, above every page. */
export function AnnouncementForm({ announce }: { announce: Action<FormData> }) {
  return (
    <ActionForm action={announce} submit="Announce it">
      <FormField name="text" label="Text" hint="At most 500 characters." autoComplete="off" />
      <div className="grid items-start gap-4 sm:grid-cols-3">
        <FormSelect
          name="severity"
          label="How grave"
          options={[
            ["info", "For information"],
            ["warning", "A warning"],
            ["critical", "Grave"],
          ]}
        />
        <FormField name="from" label="From (UTC)" hint={`${TIME} Empty: now.`} autoComplete="off" />
        <FormField name="until" label="Until (UTC)" hint="Empty: until you withdraw it." autoComplete="off" />
      </div>
    </ActionForm>
  );
}
