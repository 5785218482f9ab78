import type { ReactNode } from "react";

export function FactList({ facts }: { facts: { name: string; value: ReactNode }[] }) {
  return (
    <dl className="flex flex-wrap gap-x-10 gap-y-4">
      {facts.map(({ name, value }) => (
        <div key={name}>
          <dt className="text-[13px] text-muted-foreground">{name}</dt>
          <dd className="mt-0.5 text-sm">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
