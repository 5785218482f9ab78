import Link from "next/link";
import { Button } from "@/components/ui/button";

export const metadata = { title: "Not found" };

export default function NotFoundPage() {
  return (
    <main className="mx-auto flex min-h-[60dvh] max-w-md flex-col justify-center px-5">
      <p className="font-mono text-sm text-muted-foreground">404</p>
      <h1 className="mt-1 text-xl font-semibold tracking-tight">There is nothing at this address</h1>
      <p className="mt-2 text-sm text-muted-foreground">It may have been moved, or the link was mistyped.</p>
      <div className="mt-6 flex gap-2">
        <Button asChild>
          <Link href="/">Home</Link>
        </Button>
        <Button variant="outline" asChild>
          <Link href="/models">Models</Link>
        </Button>
      </div>
    </main>
  );
}
