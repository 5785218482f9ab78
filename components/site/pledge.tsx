import type { ReactNode } from "react";

/** Something that is promised, and beside it what shows that it is kept. */
export function Pledge({ title, text, children }: { title: string; text: ReactNode; children: ReactNode }) {
  return (
    <div className="grid gap-x-12 gap-y-5 border-t py-10 lg:grid-cols-[minmax(0,5fr)_minmax(0,7fr)]">
      <div>
        <h3 className="text-base font-semibold tracking-tight">{title}</h3>
        <div className="mt-2 text-sm leading-relaxed text-pretty text-muted-foreground">{text}</div>
      </div>
      <div className="min-w-0">{children}</div>
    </div>
  );
}
