import type { ReactNode } from "react";

/** Figures in a row, divided by hairlines. */
export function LiveFacts({ facts }: { facts: { name: string; value: ReactNode }[] }) {
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border bg-border lg:grid-cols-4">
      {facts.map(({ name, value }) => (
        <div key={name} className="flex flex-col-reverse bg-background px-4 py-3.5">
          <dt className="text-[13px] text-muted-foreground">{name}</dt>
          <dd className="text-lg font-medium tracking-tight tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
