import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "./ui/button";

/** What stands in place of a page that cannot be shown, and where to go from it. */
export function DeadEnd({ title, children, leave }: { title: string; children: ReactNode; leave?: ReactNode }) {
  return (
    <div className="mx-auto flex min-h-[60dvh] max-w-md flex-col justify-center px-5">
      <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
      <div className="mt-2 grid gap-3 text-sm text-muted-foreground">{children}</div>
      <div className="mt-6 flex gap-2">{leave}</div>
    </div>
  );
}

export function NothingHere({ home }: { home: string }) {
  return (
    <DeadEnd
      title="There is nothing at this address"
      leave={
        <>
          <Button asChild>
            <Link href={home}>{home === "/" ? "Home" : "Overview"}</Link>
          </Button>
          <Button variant="outline" asChild>
            <Link href="/models">Models</Link>
          </Button>
        </>
      }
    >
      <p>It may have been moved, or the link was mistyped.</p>
    </DeadEnd>
  );
}

export type Failed = { error: Error & { digest?: string }; reset: () => void };

export function Failure({ error, reset, home }: Failed & { home: string }) {
  return (
    <DeadEnd
      title="This page could not be shown"
      leave={
        <>
          <Button onClick={reset}>Try again</Button>
          <Button variant="outline" asChild>
            <Link href={home}>{home === "/" ? "Home" : "Overview"}</Link>
          </Button>
        </>
      }
    >
      <p>Something failed on the server. Nothing was charged or changed by looking. Trying again often helps.</p>
      {error.digest && (
        <p className="text-[13px]">
          The server's log has the cause under <code className="text-foreground">{error.digest}</code>.
        </p>
      )}
    </DeadEnd>
  );
}
