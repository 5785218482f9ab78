/** A piece of code to copy; it scrolls inside its own frame, so that the page never does. */
export function CodeSample({ label, code }: { label: string; code: string }) {
  return (
    <figure className="mt-8">
      <figcaption className="mb-2 text-sm font-medium">{label}</figcaption>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className="overflow-x-auto rounded-lg border border bg-muted p-4 font-mono text-[13px] leading-relaxed"
      >
        <code>{code}</code>
      </pre>
    </figure>
  );
}
