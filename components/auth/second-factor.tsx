"use client";

import { useState } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { ActionForm, FormField } from "./action-form";

type Failure = { ok: false; message: string; fields?: Record<string, string>; confirm?: true };
type Result<T> = { ok: true; data: T } | Failure;
type Action<T> = (form: FormData) => Promise<Result<T>>;

type Props = {
  isOn: boolean;
  confirmAt: string;
  begin: Action<{ secret: string; picture: string }>;
  confirm: Action<{ codes: string[] }>;
  turnOff: Action<void>;
  renew: Action<{ codes: string[] }>;
};

/** Turning two-factor sign-in on, in two steps that end with the recovery codes; and off. */
export function SecondFactor({ isOn, confirmAt, begin, confirm, turnOff, renew }: Props) {
  const [started, setStarted] = useState<{ secret: string; picture: string }>();
  const [codes, setCodes] = useState<string[]>();

  if (codes) return <RecoveryCodes codes={codes} />;
  if (isOn)
    return (
      <div className="grid gap-3">
        <ActionForm
          action={keep(renew, (data) => setCodes(data.codes))}
          submit="Make new recovery codes"
          variant="outline"
          confirmAt={confirmAt}
        />
        <ActionForm action={turnOff} submit="Turn it off" variant="destructive" confirmAt={confirmAt} />
      </div>
    );
  if (!started) return <ActionForm action={keep(begin, setStarted)} submit="Turn it on" confirmAt={confirmAt} />;
  return (
    <div className="grid gap-4">
      <p className="text-sm">Let your authenticator app read this picture, or type the text below it into the app.</p>
      {/* biome-ignore lint/performance/noImgElement: made on the spot, nothing to optimise */}
      <img
        className="size-48 rounded-md border bg-white"
        alt="The secret for your authenticator, which stands below as text"
        src={`data:image/svg+xml;utf8,${encodeURIComponent(started.picture)}`}
      />
      <p className="flex items-center gap-2">
        <code className="text-sm break-all">{started.secret}</code>
        <CopyButton value={started.secret} label="Copy the secret" />
      </p>
      <ActionForm action={keep(confirm, (data) => setCodes(data.codes))} submit="Turn it on" confirmAt={confirmAt}>
        <FormField
          name="code"
          label="The code that the app shows now"
          autoComplete="one-time-code"
          inputMode="numeric"
        />
      </ActionForm>
    </div>
  );
}

const keep =
  <T,>(action: Action<T>, use: (data: T) => void): Action<T> =>
  async (form) => {
    const result = await action(form);
    if (result.ok) use(result.data);
    return result;
  };

function RecoveryCodes({ codes }: { codes: string[] }) {
  return (
    <div role="status" className="grid gap-3">
      <p className="text-sm">
        Two-factor sign-in is on. Keep these recovery codes where you find them without your phone: each opens your
        account once, and they are not shown again.
      </p>
      <ul className="grid grid-cols-1 gap-1 font-mono text-sm sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <CopyButton value={codes.join("\n")} label="Copy the recovery codes">
        Copy them
      </CopyButton>
    </div>
  );
}
