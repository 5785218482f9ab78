/** A part of a whole, 0 to 1, drawn and said. */
export function ShareBar({ share, label }: { share: number; label: string }) {
  return (
    <span className="flex items-center gap-3">
      <span aria-hidden="true" className="h-1.5 min-w-0 flex-1 overflow-hidden rounded-full bg-accent">
        <span className="block h-full rounded-full bg-chart-1" style={{ width: `${share * 100}%` }} />
      </span>
      <span className="w-11 text-right text-[13px] text-muted-foreground tabular-nums">{label}</span>
    </span>
  );
}
