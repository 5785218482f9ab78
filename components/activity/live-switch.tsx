"use client";

import { PauseIcon, PlayIcon } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { Button } from "../ui/button";

const EVERY_MS = 3_000;

/** Reads the page anew every few seconds while it is looked at, until it is paused. */
export function LiveSwitch() {
  const router = useRouter();
  const [live, setLive] = useState(true);
  useEffect(() => {
    if (!live) return;
    const timer = setInterval(() => document.visibilityState === "visible" && router.refresh(), EVERY_MS);
    return () => clearInterval(timer);
  }, [live, router]);
  return (
    <Button variant="outline" onClick={() => setLive(!live)} aria-pressed={live} className="min-w-28">
      {live ? <PauseIcon /> : <PlayIcon />}
      {live ? "Live" : "Paused"}
      <span className="sr-only">{live ? ": pause" : ": go on"}</span>
    </Button>
  );
}
