import { cn } from "./ui/cn";
import { CopyButton } from "./ui/copy-button";

/** A piece of code to copy; it scrolls inside its own frame, so that the page never does. */
export function CodeSample({ label, code, className }: { label: string; code: string; className?: string }) {
  return (
    <figure className={cn("min-w-0 overflow-hidden rounded-lg border bg-card", className)}>
      <figcaption className="flex h-9 items-center justify-between border-b pr-1 pl-4 text-[13px] text-muted-foreground">
        {label}
        <CopyButton value={code} label={`Copy: ${label}`} className="size-7" />
      </figcaption>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className="overflow-x-auto p-4 font-mono text-[13px] leading-relaxed focus-visible:-outline-offset-2"
      >
        <code>{code}</code>
      </pre>
    </figure>
  );
}
