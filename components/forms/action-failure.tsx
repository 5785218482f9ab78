"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { Alert, AlertDescription, AlertTitle } from "../ui/alert";
import type { ActionFailure as Failure } from "./use-action";

/** Why an action was refused, where the reason belongs to no one field, and the way to prove again who one is. */
export function ActionFailure({ failure }: { failure: Failure | undefined }) {
  const path = usePathname();
  if (!failure || failure.fields) return null;
  return (
    <Alert variant={failure.confirm ? "warning" : "destructive"}>
      <AlertTitle>{failure.message}</AlertTitle>
      {failure.confirm && (
        <AlertDescription>
          This needs a sign-in of the last ten minutes.{" "}
          <Link href={`/confirm?next=${encodeURIComponent(path)}`} className="text-foreground underline">
            Confirm that it is you
          </Link>
          .
        </AlertDescription>
      )}
    </Alert>
  );
}
