"use client";

import { toast } from "sonner";
import { ActionFailure } from "../forms/action-failure";
import { type Action, useAction } from "../forms/use-action";
import { useAwake } from "../forms/use-awake";
import { Button } from "../ui/button";

export function DeletePrompt({ generation, remove }: { generation: string; remove: Action<{ generation: string }> }) {
  const { run, pending, failure } = useAction(remove, () => void toast.success("It is deleted."));
  const awake = useAwake();
  return (
    <div className="mt-3 grid gap-3">
      <ActionFailure failure={failure} />
      <Button
        variant="outline"
        size="sm"
        className="justify-self-start"
        disabled={!awake || pending}
        onClick={() => run({ generation })}
      >
        Delete what is kept of it
      </Button>
    </div>
  );
}
