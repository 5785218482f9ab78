"use client";

import { unstable_rethrow } from "next/navigation";
import { useCallback, useState, useTransition } from "react";

/** What a server action answers; lib/auth/user-action.ts makes it. */
export type ActionFailure = { ok: false; message: string; fields?: Record<string, string>; confirm?: true };
export type Action<Input, T = unknown> = (input: Input) => Promise<{ ok: true; data: T } | ActionFailure>;

const UNREACHABLE: ActionFailure = { ok: false, message: "The server could not be reached. Try again." };

/** Runs a server action; `failure` is what it said no with, until it is run again. */
export function useAction<Input, T>(action: Action<Input, T>, onDone: (data: T) => void) {
  const [pending, start] = useTransition();
  const [failure, setFailure] = useState<ActionFailure>();
  const run = useCallback(
    (input: Input) =>
      start(async () => {
        setFailure(undefined);
        try {
          const answer = await action(input);
          if (answer.ok) onDone(answer.data);
          else setFailure(answer);
        } catch (error) {
          unstable_rethrow(error);
          setFailure(UNREACHABLE);
        }
      }),
    [action, onDone],
  );
  return { run, pending, failure, reset: () => setFailure(undefined) };
}
