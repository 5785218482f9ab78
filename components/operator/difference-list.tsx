import Link from "next/link";

export type DifferenceLine = {
  check: string;
  accountId: string | null;
  subject: string;
  figures: Record<string, unknown>;
};

/** Where the books are not as they should be: which check says so, about whom, and its figures. */
export function DifferenceList({ differences }: { differences: DifferenceLine[] }) {
  return (
    <ul className="divide-y border-t text-sm">
      {differences.map(({ check, accountId, subject, figures }) => (
        <li key={`${check} ${subject}`} className="grid gap-1 py-3">
          <p className="font-medium">{check.replaceAll("_", " ")}</p>
          {accountId && (
            <Link href={`/operator/users?q=${accountId}`} className="font-mono text-xs break-all underline">
              account {accountId}
            </Link>
          )}
          <p className="font-mono text-xs break-all text-muted-foreground">
            {Object.entries(figures)
              .map(([name, value]) => `${name}: ${String(value)}`)
              .join(", ")}
          </p>
        </li>
      ))}
    </ul>
  );
}
