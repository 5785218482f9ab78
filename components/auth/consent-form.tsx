"use client";

import { type FormEvent, useCallback, useState } from "react";
import { ActionFailure } from "../forms/action-failure";
import { type Action, useAction } from "../forms/use-action";
import { useAwake } from "../forms/use-awake";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from "../ui/select";

type Asked = { callback?: string; challenge?: string; method?: string };
type Reset = "none" | "daily" | "weekly" | "monthly";
type Days = "" | "1" | "7" | "30" | "90" | "365";
type Consent = Asked & { name: string; limit: string; reset: Reset; days: Days };
type Granted = { url?: string; code?: string };

const RESETS: Record<Reset, string> = {
  none: "Never",
  daily: "Every day",
  weekly: "Every week",
  monthly: "Every month",
};
const DAYS: Record<Exclude<Days, ""> | "never", string> = {
  never: "Never",
  "1": "After a day",
  "7": "After a week",
  "30": "After 30 days",
  "90": "After 90 days",
  "365": "After a year",
};

/** A user says what an app may have, or that it may not. */
export function ConsentForm({
  authorize,
  asked,
  goesTo,
  refusal,
  ...suggested
}: {
  authorize: Action<Consent, Granted>;
  asked: Asked;
  /** What the app suggests. */
  name: string;
  limit: string;
  reset: Reset;
  /** The origin that learns the code; without it, the code is shown. */
  goesTo?: string;
  /** Where one goes who refuses. */
  refusal: string;
}) {
  const [name, setName] = useState(suggested.name);
  const [limit, setLimit] = useState(suggested.limit);
  const [reset, setReset] = useState(suggested.reset);
  const [days, setDays] = useState<keyof typeof DAYS>("never");
  const [code, setCode] = useState<string>();
  const onDone = useCallback((granted: Granted) => {
    if (granted.url) window.location.assign(granted.url);
    else setCode(granted.code);
  }, []);
  const { run, pending, failure } = useAction(authorize, onDone);
  const awake = useAwake();
  if (code)
    return (
      <>
        <p role="status" className="text-sm">
          Give this code to the program that asked. It works once, for ten minutes.
        </p>
        <div className="flex gap-2">
          <Input readOnly aria-label="The code" value={code} className="font-mono" />
          <CopyButton value={code} label="Copy the code" />
        </div>
      </>
    );
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    run({ ...asked, name, limit: limit.trim(), reset, days: days === "never" ? "" : days });
  };
  const wrong = failure?.fields ?? {};
  return (
    <form onSubmit={onSubmit} noValidate>
      <fieldset disabled={!awake} className="grid min-w-0 gap-4">
        <ActionFailure failure={failure} />
        <Field label="Name of the key" error={wrong.name}>
          <Input value={name} onChange={(event) => setName(event.target.value)} maxLength={100} autoComplete="off" />
        </Field>
        <Field
          label="Limit in US dollars"
          error={wrong.limit}
          hint="Empty: no limit but your balance. It is never exceeded."
        >
          <Input
            value={limit}
            onChange={(event) => setLimit(event.target.value)}
            inputMode="decimal"
            placeholder="No limit"
            autoComplete="off"
            className="tabular-nums"
          />
        </Field>
        <Select value={reset} onValueChange={(value) => setReset(value as Reset)} disabled={limit.trim() === ""}>
          <Field label="The limit starts anew" error={wrong.reset}>
            <SelectTrigger className="w-full">
              <SelectValue />
            </SelectTrigger>
          </Field>
          <Options of={RESETS} />
        </Select>
        <Select value={days} onValueChange={(value) => setDays(value as keyof typeof DAYS)}>
          <Field label="The key expires" error={wrong.days}>
            <SelectTrigger className="w-full">
              <SelectValue />
            </SelectTrigger>
          </Field>
          <Options of={DAYS} />
        </Select>
        {goesTo && (
          <p className="text-[13px] text-muted-foreground">
            You will be sent to <span className="font-medium break-all text-foreground">{goesTo}</span>
          </p>
        )}
        <div className="grid grid-cols-2 gap-2">
          <Button variant="outline" asChild>
            <a href={refusal}>Refuse</a>
          </Button>
          <Button type="submit" disabled={pending} aria-busy={pending}>
            {pending ? "One moment …" : "Allow"}
          </Button>
        </div>
      </fieldset>
    </form>
  );
}

const Options = ({ of }: { of: Record<string, string> }) => (
  <SelectContent>
    {Object.entries(of).map(([value, label]) => (
      <SelectItem key={value} value={value}>
        {label}
      </SelectItem>
    ))}
  </SelectContent>
);
