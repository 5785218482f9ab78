"use client";

import type { ReactNode } from "react";
import { cn } from "../ui/cn";
import { useAwake } from "./use-awake";

/** What `useAction` is run by. Until the page is awake nothing in it can be filled in or sent: see `useAwake`. */
export function Form({
  onSubmit,
  className,
  children,
}: {
  onSubmit: () => void;
  className?: string;
  children: ReactNode;
}) {
  const awake = useAwake();
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <fieldset disabled={!awake} className={cn("grid min-w-0 gap-4", className)}>
        {children}
      </fieldset>
    </form>
  );
}
