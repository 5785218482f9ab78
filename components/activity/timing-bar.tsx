import { milliseconds } from "./figures";

export type TimingPart = { name: string; ms: number; colour: string };

/** Where a request's time went: parts of one bar, each named with how long it took. */
export function TimingBar({ parts }: { parts: TimingPart[] }) {
  const total = parts.reduce((sum, { ms }) => sum + ms, 0);
  return (
    <div className="grid gap-3">
      <div aria-hidden="true" className="flex h-3 gap-0.5 overflow-hidden rounded-sm">
        {parts.map(({ name, ms, colour }) => (
          <span key={name} className="min-w-0.5" style={{ flexGrow: Math.max(ms, total / 500), background: colour }} />
        ))}
      </div>
      <ul className="grid max-w-xl gap-1.5 text-sm">
        {parts.map(({ name, ms, colour }) => (
          <li key={name} className="grid grid-cols-[0.625rem_1fr_auto] items-baseline gap-x-2.5">
            <span aria-hidden="true" className="size-2.5 translate-y-px rounded-[3px]" style={{ background: colour }} />
            <span className="min-w-0 break-words">{name}</span>
            <span className="tabular-nums">{milliseconds(ms)}</span>
          </li>
        ))}
        <li className="grid grid-cols-[0.625rem_1fr_auto] gap-x-2.5 border-t pt-1.5 text-muted-foreground">
          <span className="col-start-2">From the request's arrival to its end</span>
          <span className="tabular-nums">{milliseconds(total)}</span>
        </li>
      </ul>
    </div>
  );
}
