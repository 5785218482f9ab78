import type { Nanos } from "@/lib/money";
import { Usd } from "../usd";

export type Cap = {
  balance: Nanos;
  /** Tokens: the longest answer asked for, and a bound of the prompt. */
  output: number;
  prompt: number;
  held: Nanos;
  /** Null where nothing is paid. */
  admitted: bigint | null;
};

/** How many requests a balance admits at once, and what the next one gets. */
export function CapFigures({ cap, model }: { cap: Cap; model: string }) {
  const { balance, output, prompt, held, admitted } = cap;
  const rows: [string, React.ReactNode][] = [
    ["Balance", <Usd key="balance" nanos={balance} />],
    ["Prompt, at most", `${prompt.toLocaleString("en")} tokens`],
    ["Answer, at most", `${output.toLocaleString("en")} tokens`],
    ["Set aside for one request", <Usd key="held" nanos={held} />],
    ["Admitted at once", admitted === null ? "all: it costs nothing" : admitted.toLocaleString("en")],
  ];
  return (
    <figure>
      <dl className="divide-y rounded-lg border bg-card text-sm">
        {rows.map(([name, value]) => (
          <div key={name} className="flex items-baseline justify-between gap-4 px-4 py-2">
            <dt className="text-muted-foreground">{name}</dt>
            <dd className="text-right tabular-nums">{value}</dd>
          </div>
        ))}
        <div className="flex items-baseline justify-between gap-4 px-4 py-2">
          <dt className="text-muted-foreground">The next one</dt>
          <dd className="text-right font-mono text-[13px]">402, before a provider is called</dd>
        </div>
      </dl>
      <figcaption className="mt-2 text-[13px] text-muted-foreground">
        The request above to <code>{model}</code>, computed just now by the code that admits requests.
      </figcaption>
    </figure>
  );
}
