import { SnowflakeIcon } from "lucide-react";
import { LocalTime } from "../local-time";
import { Alert, AlertDescription, AlertTitle } from "../ui/alert";

export type FreezeCause = { reason: "dispute" | "reconciliation" | "operator"; since: Date };

const causes: Record<FreezeCause["reason"], string> = {
  dispute:
    "A payment of yours is being disputed with the bank. If you did not mean to, withdraw the dispute there; the account is free again when it is settled.",
  reconciliation:
    "A check of the books found a difference in this account. It is looked into by whoever runs this server; you need not do anything.",
  operator: "Whoever runs this server has stopped the account. Ask them why.",
};

/** Why requests are refused, and what can be done about it. Nothing without a cause. */
export function FrozenNotice({ freezes }: { freezes: FreezeCause[] }) {
  if (freezes.length === 0) return null;
  return (
    <Alert variant="warning">
      <SnowflakeIcon />
      <AlertTitle>This account is frozen: its requests are refused</AlertTitle>
      <AlertDescription>
        <ul className="grid gap-1">
          {freezes.map(({ reason, since }) => (
            <li key={`${reason} ${since.getTime()}`}>
              {causes[reason]} Since <LocalTime at={since} />.
            </li>
          ))}
        </ul>
        <p className="mt-1">Your balance is kept as it is.</p>
      </AlertDescription>
    </Alert>
  );
}
