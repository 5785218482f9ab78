"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "./icon-button";

const SHOWN_MS = 1_500;

/** Copies a text, and says that it did. */
export function CopyButton({ label, text, className }: { label: string; text: () => string; className?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <IconButton
      label={copied ? "Copied" : label}
      className={className}
      onClick={() => navigator.clipboard.writeText(text()).then(() => setCopied(true))}
    >
      {copied ? <Check /> : <Copy />}
    </IconButton>
  );
}
