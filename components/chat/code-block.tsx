import type { ReactNode } from "react";
import { CopyButton } from "@/components/ui/copy-button";

/** Code as a model wrote it; `text` is what is copied. */
export function CodeBlock({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className="relative my-3">
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className="overflow-x-auto rounded-md border bg-muted p-3 pr-11 text-[13px] leading-relaxed"
      >
        {children}
      </pre>
      <CopyButton value={text} label="Copy the code" className="absolute top-1 right-1" />
    </div>
  );
}
