import type { ReactNode } from "react";
import type { Nanos } from "@/lib/money";
import { Card, CardContent } from "../ui/card";
import { Usd } from "../usd";

/** What is there, what of it is set aside for requests that run, and what can still be spent. */
export function Balance({ posted, held }: { posted: Nanos; held: Nanos }) {
  return (
    <Card>
      <CardContent>
        <dl className="grid gap-5 sm:grid-cols-3">
          <Figure name="Balance" nanos={posted} large>
            What you put in, without what you used.
          </Figure>
          <Figure name="Held" nanos={held}>
            Set aside for requests that run now: the most that each of them can cost. What one does not use is free
            again when it ends.
          </Figure>
          <Figure name="Available" nanos={posted - held}>
            What a new request can use. When it is not enough, the request is refused, and nothing is charged.
          </Figure>
        </dl>
      </CardContent>
    </Card>
  );
}

function Figure({
  name,
  nanos,
  large = false,
  children,
}: {
  name: string;
  nanos: Nanos;
  large?: boolean;
  children: ReactNode;
}) {
  return (
    <div className="grid content-start gap-1">
      <dt className="text-sm text-muted-foreground">{name}</dt>
      <dd className={large ? "text-2xl font-semibold tracking-tight" : "text-lg font-medium"}>
        <Usd nanos={nanos} />
      </dd>
      <dd className="text-[13px] text-pretty text-muted-foreground">{children}</dd>
    </div>
  );
}
