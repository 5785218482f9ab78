"use client";

import { type ReactNode, useEffect, useRef, useState } from "react";
import { formatUsd } from "@/lib/money";
import { ActionFailure } from "../forms/action-failure";
import { Form } from "../forms/form";
import type { ActionFailure as Failure } from "../forms/use-action";
import { Button } from "../ui/button";
import { Checkbox } from "../ui/checkbox";
import { DialogFooter } from "../ui/dialog";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { Label } from "../ui/label";
import type { KeyRow, Reset } from "./key-row";
import { type Limit, LimitFields } from "./limit-fields";
import { ModelPicker } from "./model-picker";
import { RateFields, type Rates } from "./rate-fields";

export type KeySettings = {
  name: string;
  /** US dollars as typed; empty: no limit. */
  limit: string;
  reset: Reset;
  /** ISO 8601; null: never. */
  expiresAt: string | null;
  /** What his own providers charge counts in the limit too. */
  includeByok: boolean;
  /** Slugs; none: all models. */
  allowedModels: string[];
} & Rates;

/** The settings of a key, new or there already. A management key spends nothing, so that it has no limit. */
export function KeyForm({
  row,
  withLimit,
  models,
  submit,
  submitLabel,
  pending,
  failure,
  cancel,
}: {
  row?: Pick<KeyRow, "name" | "limit" | "reset" | "expiresAt" | "includeByok" | "allowedModels" | "rates">;
  withLimit: boolean;
  models: string[];
  submit: (settings: KeySettings) => void;
  submitLabel: string;
  pending: boolean;
  failure: Failure | undefined;
  cancel: ReactNode;
}) {
  const [name, setName] = useState(row?.name ?? "");
  const [limit, setLimit] = useState<Limit>({
    limit: row?.limit == null ? "" : formatUsd(row.limit),
    reset: row?.reset ?? "none",
  });
  const [includeByok, setIncludeByok] = useState(row?.includeByok ?? false);
  const [allowedModels, setAllowedModels] = useState(row?.allowedModels ?? []);
  const [rates, setRates] = useState<Rates>({
    requestsPerMinute: String(row?.rates.requestsPerMinute ?? ""),
    tokensPerMinute: String(row?.rates.tokensPerMinute ?? ""),
    parallelRequests: String(row?.rates.parallelRequests ?? ""),
  });
  const [expiry, setExpiry] = useState(row?.expiresAt ? toLocalInput(row.expiresAt) : "");
  const first = useRef<HTMLInputElement>(null);
  // It is fetched when its dialog is open already, which has looked for its first field by then.
  useEffect(() => first.current?.focus(), []);

  const onSubmit = () => {
    const expiresAt = expiry === "" ? null : new Date(expiry).toISOString();
    submit({ name, limit: limit.limit.trim(), reset: limit.reset, expiresAt, includeByok, allowedModels, ...rates });
  };
  const wrong = failure?.fields ?? {};
  return (
    <Form onSubmit={onSubmit}>
      <ActionFailure failure={failure} />
      <Field label="Name" error={wrong.name} hint="What it is for, such as the program that will use it.">
        <Input
          ref={first}
          value={name}
          onChange={(event) => setName(event.target.value)}
          maxLength={200}
          autoComplete="off"
        />
      </Field>
      {withLimit && (
        <>
          <LimitFields value={limit} onChange={setLimit} wrong={wrong} />
          <div className="flex items-center gap-2">
            <Checkbox
              id="include-byok"
              checked={includeByok}
              onCheckedChange={(checked) => setIncludeByok(checked === true)}
              disabled={limit.limit.trim() === ""}
            />
            <Label htmlFor="include-byok" className="font-normal">
              Count what my own providers charge me in the limit
            </Label>
          </div>
          <RateFields value={rates} onChange={setRates} wrong={wrong} />
          <Field label="Models it may call" error={wrong.allowedModels}>
            <ModelPicker models={models} chosen={allowedModels} onChange={setAllowedModels} />
          </Field>
        </>
      )}
      <Field label="Expires" error={wrong.expiresAt} hint="In your local time. Empty: never.">
        <Input type="datetime-local" value={expiry} onChange={(event) => setExpiry(event.target.value)} />
      </Field>
      <DialogFooter>
        {cancel}
        <Button type="submit" disabled={pending}>
          {submitLabel}
        </Button>
      </DialogFooter>
    </Form>
  );
}

/** What an input of this type reads and writes: local time to the minute. */
function toLocalInput(at: Date): string {
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
