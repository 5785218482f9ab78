"use client";

import { useCallback, useState } from "react";
import { ActionFailure } from "../forms/action-failure";
import { Form } from "../forms/form";
import { type Action, useAction } from "../forms/use-action";
import type { Reset } from "../keys/key-row";
import { type Limit, LimitFields } from "../keys/limit-fields";
import { Button } from "../ui/button";
import { CopyButton } from "../ui/copy-button";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { Select, SelectContent, SelectItem, SelectTrigger, SelectValue } from "../ui/select";

type Asked = { callback?: string; challenge?: string; method?: string };
type Days = "" | "1" | "7" | "30" | "90" | "365";
type Consent = Asked & { name: string; limit: string; reset: Reset; days: Days };
type Granted = { url?: string; code?: string };

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
  const [limit, setLimit] = useState<Limit>({ limit: suggested.limit, reset: suggested.reset });
  const [days, setDays] = useState<keyof typeof DAYS>("never");
  const [code, setCode] = useState<string>();
  const onDone = useCallback((granted: Granted) => {
    if (granted.url) window.location.assign(granted.url);
    else setCode(granted.code);
  }, []);
  const { run, pending, failure } = useAction(authorize, onDone);
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
  const onSubmit = () =>
    run({ ...asked, name, limit: limit.limit.trim(), reset: limit.reset, days: days === "never" ? "" : days });
  const wrong = failure?.fields ?? {};
  return (
    <Form onSubmit={onSubmit}>
      <ActionFailure failure={failure} />
      <Field label="Name of the key" error={wrong.name}>
        <Input value={name} onChange={(event) => setName(event.target.value)} maxLength={100} autoComplete="off" />
      </Field>
      <LimitFields value={limit} onChange={setLimit} wrong={wrong} />
      <Select value={days} onValueChange={(value) => setDays(value as keyof typeof DAYS)}>
        <Field label="The key expires" error={wrong.days}>
          <SelectTrigger className="w-full">
            <SelectValue />
          </SelectTrigger>
        </Field>
        <SelectContent>
          {Object.entries(DAYS).map(([value, label]) => (
            <SelectItem key={value} value={value}>
              {label}
            </SelectItem>
          ))}
        </SelectContent>
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
    </Form>
  );
}
