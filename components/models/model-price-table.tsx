import { formatUsd } from "@/lib/money";

type Row = {
  slug: string;
  name: string;
  providers: string[];
  contextLength: number;
  /** Pico-USD per token. */
  prompt: bigint;
  completion: bigint;
};

export function ModelPriceTable({ models }: { models: Row[] }) {
  if (models.length === 0)
    return (
      <p className="mt-4 rounded-lg border border bg-muted p-6 text-muted-foreground">
        No provider has a key yet. Set one of OPENAI_API_KEY, ANTHROPIC_API_KEY or GOOGLE_API_KEY, or add a provider
        with <code className="font-mono">npm run admin -- provider add</code>.
      </p>
    );
  return (
    <div className="mt-4 overflow-x-auto rounded-lg border border">
      <table className="w-full min-w-[42rem] text-sm">
        <thead className="bg-muted text-left text-muted-foreground">
          <tr>
            <th scope="col" className="px-4 py-2.5 font-medium">
              Model
            </th>
            <th scope="col" className="px-4 py-2.5 font-medium">
              Providers
            </th>
            <th scope="col" className="px-4 py-2.5 text-right font-medium">
              Context
            </th>
            <th scope="col" className="px-4 py-2.5 text-right font-medium">
              Prompt
            </th>
            <th scope="col" className="px-4 py-2.5 text-right font-medium">
              Completion
            </th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <tr key={model.slug} className="border-t border">
              <th scope="row" className="px-4 py-2.5 text-left font-normal">
                <div>{model.name}</div>
                <div className="font-mono text-xs text-muted-foreground">{model.slug}</div>
              </th>
              <td className="px-4 py-2.5 text-muted-foreground">{model.providers.join(", ")}</td>
              <td className="px-4 py-2.5 text-right tabular-nums">{model.contextLength.toLocaleString("en")}</td>
              <td className="px-4 py-2.5 text-right tabular-nums">{perMillion(model.prompt)}</td>
              <td className="px-4 py-2.5 text-right tabular-nums">{perMillion(model.completion)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Pico-USD a token is micro-USD a million tokens: exact, with at least two decimals. */
function perMillion(picos: bigint): string {
  if (picos === 0n) return "free";
  const [whole, fraction = ""] = formatUsd(picos * 1000n).split(".");
  return `$${whole}.${fraction.padEnd(2, "0")}`;
}
