import { type ReactNode, useRef } from "react";
import { CopyButton } from "./copy-button";

export function CodeBlock({ children }: { children: ReactNode }) {
  const code = useRef<HTMLPreElement>(null);
  return (
    <div className="group/code relative">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre ref={code} tabIndex={0}>
        {children}
      </pre>
      <CopyButton
        label="Copy code"
        text={() => code.current?.textContent ?? ""}
        className="absolute top-1.5 right-1.5 bg-inherit"
      />
    </div>
  );
}
