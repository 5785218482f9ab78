const short = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });
const exact = new Intl.NumberFormat("en");

/** 131072 → "131K", with every digit on hover. */
export function TokenCount({ tokens }: { tokens: number | null }) {
  if (tokens === null) return <span className="text-muted-foreground">–</span>;
  return (
    <span className="whitespace-nowrap tabular-nums" title={`${exact.format(tokens)} tokens`}>
      {short.format(tokens)}
    </span>
  );
}
