"use client";

import { InfoIcon, TriangleAlertIcon, XIcon } from "lucide-react";
import { useState } from "react";
import { DISMISSED } from "./announcement-cookie";
import { Button } from "./ui/button";
import { cn } from "./ui/cn";

export type Announcement = { id: string; text: string; severity: "info" | "warning" | "critical" };

const MOST_KEPT = 20;
const YEAR_SECONDS = 31_536_000;

const styles = {
  info: "bg-muted",
  warning: "border-warning/35 bg-warning/10",
  critical: "border-destructive/35 bg-destructive/10",
};

/** What the operator tells everybody. Each can be put away, in this browser. */
export function AnnouncementBanner({ announcements }: { announcements: Announcement[] }) {
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const dismiss = (id: string) => {
    setGone(new Set([...gone, id]));
    const kept = readDismissed(document.cookie).filter((one) => one !== id);
    // biome-ignore lint/suspicious/noDocumentCookie: there is no other way that the server reads, in every browser
    document.cookie = `${DISMISSED}=${[...kept, id].slice(-MOST_KEPT).join(".")}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
  };
  return announcements
    .filter(({ id }) => !gone.has(id))
    .map(({ id, text, severity }) => {
      const Icon = severity === "info" ? InfoIcon : TriangleAlertIcon;
      return (
        <section
          key={id}
          aria-label="Announcement"
          className={cn("flex items-start gap-3 border-b px-4 py-2.5 text-sm md:px-8", styles[severity])}
        >
          <Icon className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
          <p className="min-w-0 flex-1 break-words">{text}</p>
          <Button variant="ghost" size="icon-sm" className="-my-1" aria-label="Put away" onClick={() => dismiss(id)}>
            <XIcon />
          </Button>
        </section>
      );
    });
}

function readDismissed(cookies: string): string[] {
  const value = new RegExp(`(?:^|; )${DISMISSED}=([^;]*)`).exec(cookies)?.[1] ?? "";
  return value.split(".").filter(Boolean);
}
