"use client";

import { CheckIcon, CopyIcon } from "lucide-react";
import { type ComponentProps, useEffect, useState } from "react";
import { toast } from "sonner";
import { Button } from "./button";
import { cn } from "./cn";

const SHOWN_MS = 1_500;

/** Copies `value`; says so by its sign and to screen readers. `label` names what is copied: "Copy the key". */
export function CopyButton({
  value,
  label = "Copy",
  className,
  children,
  ...props
}: { value: string; label?: string } & ComponentProps<typeof Button>) {
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = () =>
    // Not there outside https and loopback.
    (navigator.clipboard?.writeText(value) ?? Promise.reject()).then(
      () => setCopied(true),
      () => void toast.error("The browser did not allow copying. Select the text and copy it by hand."),
    );

  return (
    <Button
      type="button"
      variant="ghost"
      size={children ? "sm" : "icon-sm"}
      className={cn("text-muted-foreground", className)}
      onClick={copy}
      aria-label={children ? undefined : label}
      {...props}
    >
      {copied ? <CheckIcon className="text-success" /> : <CopyIcon />}
      {children}
      <span className="sr-only" aria-live="polite">
        {copied ? "Copied" : ""}
      </span>
    </Button>
  );
}
