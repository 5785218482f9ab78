"use client";

import { ActionForm, FormField } from "../auth/action-form";
import type { Action } from "../forms/use-action";
import { FormSelect } from "./form-select";

const OPTIONAL = "Empty: as the prompt.";

/** A new price of an endpoint, in US dollars for a million tokens. */
export function PriceForm({
  endpointId,
  tiered,
  add,
  confirmAt,
}: {
  endpointId: string;
  /** Whether the price in force has others for long prompts. */
  tiered: boolean;
  add: Action<FormData>;
  confirmAt: string;
}) {
  return (
    <ActionForm
      action={add}
      submit="Add the price"
      hidden={{ endpointId, ...(!tiered && { tiers: "keep" }) }}
      confirmAt={confirmAt}
      done="Added. Requests are billed by it once it begins."
    >
      <div className="grid items-start gap-4 sm:grid-cols-2">
        <FormField name="prompt" label="Prompt, $ for a million tokens" autoComplete="off" />
        <FormField name="completion" label="Completion, $ for a million tokens" autoComplete="off" />
        <FormField name="cacheRead" label="Read from a cache" hint={OPTIONAL} autoComplete="off" />
        <FormField name="cacheWrite" label="Written to a cache" hint={OPTIONAL} autoComplete="off" />
        <FormField name="reasoning" label="Reasoning" hint="Empty: as the completion." autoComplete="off" />
        <FormField name="image" label="An image, $" hint="Empty: nothing." autoComplete="off" />
        <FormField name="request" label="A request, $" hint="Empty: nothing." autoComplete="off" />
        <FormField name="from" label="From (UTC)" hint="Such as 2027-01-31 12:00. Empty: now." autoComplete="off" />
        {tiered && (
          <FormSelect
            name="tiers"
            label="Prices of long prompts"
            options={[
              ["keep", "As they are in force"],
              ["drop", "None: one price for all"],
            ]}
          />
        )}
      </div>
    </ActionForm>
  );
}
