import { formatUsd, type Nanos } from "@/lib/money";
import { Table, TableBody, TableCell, TableFooter, TableHead, TableHeader, TableNumber, TableRow } from "../ui/table";
import { Usd, usdText } from "../usd";

export type Bill = {
  provider: string;
  /** `price` in pico-USD for one, `amount` in pico-USD. */
  lines: { what: string; count: number; price: bigint; amount: bigint }[];
  markupBasisPoints: number;
  total: Nanos;
};

/** Every line of a bill, and the one rounding at its end. */
export function BillFigures({ bill, model }: { bill: Bill; model: string }) {
  return (
    <figure>
      <Table label="A bill, line by line">
        <TableHeader>
          <TableRow>
            <TableHead>Line</TableHead>
            <TableHead className="text-right">Tokens</TableHead>
            <TableHead className="text-right max-sm:hidden">Per million</TableHead>
            <TableHead className="text-right">Amount</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {bill.lines.map(({ what, count, price, amount }) => (
            <TableRow key={what}>
              <TableCell className="first-letter:uppercase">{what}</TableCell>
              <TableNumber>{count.toLocaleString("en")}</TableNumber>
              <TableNumber className="max-sm:hidden">{usdText(price * 1000n)}</TableNumber>
              <TableNumber className="font-mono text-[13px]">{picoUsd(amount)}</TableNumber>
            </TableRow>
          ))}
        </TableBody>
        <TableFooter>
          <TableRow>
            <TableCell colSpan={2}>
              Charged{bill.markupBasisPoints > 0 && `, with ${bill.markupBasisPoints / 100}% on top`}
            </TableCell>
            <TableCell className="max-sm:hidden" />
            <TableNumber className="font-mono text-[13px]">
              <Usd nanos={bill.total} />
            </TableNumber>
          </TableRow>
        </TableFooter>
      </Table>
      <figcaption className="mt-2 text-[13px] text-muted-foreground">
        <code>{model}</code> at {bill.provider}, with today's prices. <code>GET /api/v1/generation</code> answers with
        these lines for each of your requests.
      </figcaption>
    </figure>
  );
}

/** To twelve places where they are needed. */
function picoUsd(picos: bigint): string {
  const tail = (picos % 1000n).toString().padStart(3, "0").replace(/0+$/, "");
  const nanos = formatUsd(picos / 1000n);
  if (!tail) return `$${nanos}`;
  const [whole, fraction = ""] = nanos.split(".");
  return `$${whole}.${fraction.padEnd(9, "0")}${tail}`;
}
