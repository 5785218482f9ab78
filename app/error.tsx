"use client";

import Link from "next/link";
import { Button } from "@/components/ui/button";

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main className="mx-auto flex min-h-[60dvh] max-w-md flex-col justify-center px-5">
      <h1 className="text-xl font-semibold tracking-tight">This page could not be shown</h1>
      <p className="mt-2 text-sm text-muted-foreground">
        Something failed on the server. Nothing was charged or changed by looking. Trying again often helps.
      </p>
      {error.digest && (
        <p className="mt-3 text-[13px] text-muted-foreground">
          The server's log has the cause under <code className="text-foreground">{error.digest}</code>.
        </p>
      )}
      <div className="mt-6 flex gap-2">
        <Button onClick={reset}>Try again</Button>
        <Button variant="outline" asChild>
          <Link href="/">Home</Link>
        </Button>
      </div>
    </main>
  );
}
