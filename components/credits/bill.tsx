import { formatPrice, formatUsd, type Nanos, type Picos } from "@/lib/money";
import { LocalTime } from "../local-time";
import { Table, TableBody, TableCell, TableFooter, TableHead, TableHeader, TableNumber, TableRow } from "../ui/table";

export type Bill = {
  /** So many of something at a price for one; pico-USD. */
  lines: { what: string; count: number; price: Picos; amount: Picos }[];
  markupBasisPoints: number;
  cost: Nanos;
  held: Nanos | null;
  charged: Nanos;
  house: Nanos;
  usageSource: "provider" | "estimate" | "none";
  priceId: string | null;
  priceSince: Date | null;
};

/** A request's bill as it was reckoned: every count, every price, one markup, one rounding. All of it can be done again by hand. */
export function BillTable({ bill }: { bill: Bill }) {
  const { lines, markupBasisPoints, cost, held, charged, house } = bill;
  const sum = lines.reduce((total, { amount }) => total + amount, 0n);
  const markup = (sum * BigInt(markupBasisPoints)) / 10_000n;
  return (
    <div className="grid gap-3">
      <Table label="The bill">
        <TableHeader>
          <TableRow>
            <TableHead>For</TableHead>
            <TableHead className="text-right max-sm:hidden">Count</TableHead>
            <TableHead className="text-right max-sm:hidden">Price for one</TableHead>
            <TableHead className="text-right">Amount</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {lines.map(({ what, count, price, amount }) => (
            <TableRow key={what}>
              <TableCell>
                {names[what] ?? what}
                <p className="text-[13px] text-muted-foreground tabular-nums sm:hidden">
                  {count.toLocaleString("en-US")} × ${formatPrice(price)}
                </p>
              </TableCell>
              <TableNumber className="max-sm:hidden">{count.toLocaleString("en-US")}</TableNumber>
              <TableNumber className="max-sm:hidden">${formatPrice(price)}</TableNumber>
              <TableNumber>${formatPrice(amount)}</TableNumber>
            </TableRow>
          ))}
          <Sum name={`Markup of ${markupBasisPoints / 100} %`} amount={`$${formatPrice(markup)}`} />
          <Sum name="Rounded up to a billionth of a dollar, once" amount={`$${formatUsd(cost)}`} />
          {held !== null && held < cost && (
            <Sum name="More than was set aside: the house pays the rest" amount={`−$${formatUsd(house)}`} />
          )}
        </TableBody>
        <TableFooter>
          <Sum name="Charged" amount={`$${formatUsd(charged)}`} />
        </TableFooter>
      </Table>
      <Notes {...bill} />
    </div>
  );
}

const names: Record<string, string> = {
  prompt: "Prompt tokens",
  completion: "Completion tokens",
  reasoning: "Reasoning tokens",
  "cache read": "Prompt tokens read from the cache",
  "cache write": "Prompt tokens written to the cache",
  "cache write, one hour": "Prompt tokens written to the cache for an hour",
  audio: "Audio tokens",
  images: "Images",
  request: "Request",
};

const Sum = ({ name, amount }: { name: string; amount: string }) => (
  <TableRow>
    <TableCell>{name}</TableCell>
    <TableCell colSpan={2} className="max-sm:hidden" />
    <TableNumber>{amount}</TableNumber>
  </TableRow>
);

const sources: Record<Bill["usageSource"], string> = {
  provider: "The tokens are those that the provider counted.",
  estimate: "The provider counted no tokens, so that they were counted here.",
  none: "Nothing was generated.",
};

function Notes({ usageSource, priceId, priceSince, cost, charged, house }: Bill) {
  return (
    <div className="grid gap-1 text-[13px] text-pretty text-muted-foreground">
      <p>{sources[usageSource]}</p>
      {priceId && priceSince && (
        <p>
          The prices are those in force{" "}
          {priceSince.getTime() > 0 ? (
            <>
              since <LocalTime at={priceSince} precision="second" />
            </>
          ) : (
            "from the start"
          )}
          ; they are kept as <code className="font-mono text-xs break-all">{priceId}</code> and never changed.
        </p>
      )}
      {house > 0n && <p>What it cost beyond the charge, ${formatUsd(house)}, is paid by whoever runs this server.</p>}
      {cost < charged && <p>The charge was made from a checkpoint, before the last count was known.</p>}
    </div>
  );
}
