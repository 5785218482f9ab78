"use client";

import { useOptimistic, useTransition } from "react";
import { toast } from "sonner";
import { Switch } from "../ui/switch";
import type { KeyActions } from "./key-actions";
import type { KeyRow } from "./key-row";

/** Moves at once, and moves back if the server says no. */
export function EnabledSwitch({ row, setDisabled }: { row: KeyRow; setDisabled: KeyActions["setDisabled"] }) {
  const [disabled, showDisabled] = useOptimistic(row.disabled);
  const [, start] = useTransition();
  const change = (enabled: boolean) =>
    start(async () => {
      showDisabled(!enabled);
      const answer = await setDisabled({ hash: row.hash, disabled: !enabled });
      if (!answer.ok) toast.error(answer.message);
    });
  return <Switch checked={!disabled} onCheckedChange={change} aria-label={`${row.name} may be used`} />;
}
