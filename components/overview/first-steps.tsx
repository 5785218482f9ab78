import { CheckIcon } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { CodeSample } from "../code-sample";
import { Card, CardContent, CardDescription, CardHeader, CardTitle } from "../ui/card";

/** What a newcomer does first, in its order; what is done has a tick. */
export function FirstSteps({
  hasKey,
  hasCredits,
  hasCalled,
  example,
}: {
  hasKey: boolean;
  hasCredits: boolean;
  hasCalled: boolean;
  /** A call that works once a key stands in the environment. */
  example: string;
}) {
  return (
    <Card>
      <CardHeader>
        <CardTitle>First steps</CardTitle>
        <CardDescription>Three of them, and a program of yours is answered.</CardDescription>
      </CardHeader>
      <CardContent>
        <ol className="grid gap-5">
          <Step number={1} done={hasCredits} title={<Link href="/credits">Put in credits</Link>}>
            Requests are paid from them. What is not there cannot be spent, so that no bill can surprise you.
          </Step>
          <Step number={2} done={hasKey} title={<Link href="/keys">Make a key</Link>}>
            Your program shows it to be served. It is shown once; give it a limit if you like.
          </Step>
          <Step number={3} done={hasCalled} title="Call the API">
            Any client for OpenAI works, with this address in place of theirs. With the key in{" "}
            <code className="font-mono text-[13px]">OPENROUTER_API_KEY</code>, this does:
            <CodeSample label="From a terminal" code={example} className="mt-3" />
          </Step>
        </ol>
      </CardContent>
    </Card>
  );
}

function Step({
  number,
  done,
  title,
  children,
}: {
  number: number;
  done: boolean;
  title: ReactNode;
  children: ReactNode;
}) {
  return (
    <li className="grid grid-cols-[1.5rem_minmax(0,1fr)] gap-x-3">
      <span
        aria-hidden="true"
        className="flex size-6 items-center justify-center rounded-full border text-xs font-medium text-muted-foreground tabular-nums"
      >
        {done ? <CheckIcon className="size-3.5 text-success" /> : number}
      </span>
      <div className="min-w-0">
        <h3 className="text-sm leading-6 font-medium [&_a]:underline [&_a]:underline-offset-4">
          {title}
          {done && <span className="sr-only">, done</span>}
        </h3>
        <div className="text-sm text-pretty text-muted-foreground">{children}</div>
      </div>
    </li>
  );
}
