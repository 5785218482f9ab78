import { CircleAlertIcon } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/ui/button";
import type { Failure } from "./chat";
import { explainFailure } from "./failure";

export function AnswerFailure({ failure, onRetry }: { failure: Failure; onRetry: () => void }) {
  const { text, remedy } = explainFailure(failure);
  return (
    <div className="mt-2 flex items-start gap-2.5 rounded-md border border-destructive/30 bg-destructive/5 px-3 py-2.5 text-sm">
      <CircleAlertIcon className="mt-0.5 size-4 shrink-0 text-destructive" aria-hidden="true" />
      <div className="grid min-w-0 gap-2 [overflow-wrap:anywhere]">
        <p>{text}</p>
        {remedy === "retry" && (
          <Button variant="outline" size="sm" className="w-fit" onClick={onRetry}>
            Try again
          </Button>
        )}
        {remedy === "credits" && (
          <Button variant="outline" size="sm" className="w-fit" asChild>
            <Link href="/credits">Add credits</Link>
          </Button>
        )}
        {remedy === "sign-in" && (
          <Button variant="outline" size="sm" className="w-fit" asChild>
            <Link href="/sign-in?next=/chat">Sign in</Link>
          </Button>
        )}
      </div>
    </div>
  );
}
