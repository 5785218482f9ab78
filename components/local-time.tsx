"use client";

import { useSyncExternalStore } from "react";

const formats = {
  minute: { dateStyle: "medium", timeStyle: "short" },
  second: { dateStyle: "medium", timeStyle: "medium" },
  day: { dateStyle: "medium" },
} satisfies Record<string, Intl.DateTimeFormatOptions>;

const never = () => () => {};

/** A moment in the reader's own time, with the exact one in UTC on hover. The server, which does not know it, says UTC. */
export function LocalTime({ at, precision = "minute" }: { at: Date; precision?: keyof typeof formats }) {
  const local = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  const format = new Intl.DateTimeFormat("en-GB", { ...formats[precision], timeZone: local ? undefined : "UTC" });
  const utc = `${at.toISOString().replace("T", " ").replace("Z", "")} UTC`;
  return (
    <time dateTime={at.toISOString()} title={utc} className="whitespace-nowrap tabular-nums">
      {format.format(at)}
      {!local && precision !== "day" && " UTC"}
    </time>
  );
}
