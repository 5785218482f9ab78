"use client";

import { useOptimistic, useTransition } from "react";
import { toast } from "sonner";
import type { Action } from "../forms/use-action";
import { Switch } from "../ui/switch";

/** Moves at once, and moves back if the server says no. The action gets `input` and `enabled`: yes or no. */
export function OnOffSwitch({
  label,
  enabled,
  action,
  input,
}: {
  label: string;
  enabled: boolean;
  action: Action<FormData>;
  input: Record<string, string>;
}) {
  const [shown, show] = useOptimistic(enabled);
  const [, start] = useTransition();
  const change = (on: boolean) =>
    start(async () => {
      show(on);
      const form = new FormData();
      for (const [name, value] of Object.entries({ ...input, enabled: on ? "yes" : "no" })) form.set(name, value);
      const answer = await action(form).catch(
        () => ({ ok: false, message: "The server could not be reached." }) as const,
      );
      if (!answer.ok) toast.error(answer.message);
    });
  return <Switch checked={shown} onCheckedChange={change} aria-label={label} />;
}
