import { BillTable } from "@/components/credits/bill";
import { Fact, Facts } from "@/components/credits/facts";
import { kindName } from "@/components/credits/ledger-kinds";
import { SignedUsd } from "@/components/credits/signed-usd";
import { LocalTime } from "@/components/local-time";
import { CopyButton } from "@/components/ui/copy-button";
import { Usd } from "@/components/usd";
import { db } from "@/db/client";
import { type LedgerRow, listLedgerOfSource } from "@/db/queries/ledger";
import type { explainGeneration } from "@/lib/gateway/explained-generation";
import { RouteTaken } from "./route-taken";
import { Section } from "./section";

type Explained = NonNullable<Awaited<ReturnType<typeof explainGeneration>>>;

const outcomes: Record<Explained["outcome"], string> = {
  completed: "Answered to the end",
  cancelled: "The caller hung up, or it took too long: what was generated until then is paid for",
  failed: "Failed",
  expired: "The server stopped while it ran: charged by its last checkpoint",
};

/** Everything about a request's charge: its bill, what was set aside for it, and what was tried in vain. */
export async function GenerationBill({ accountId, explained }: { accountId: string; explained: Explained }) {
  const booked = await listLedgerOfSource(db(), accountId, "generation", explained.id);
  return (
    <>
      <Section title="The request">
        <Facts>
          <Fact name="Model">{explained.model}</Fact>
          <Fact name="Answered by">{explained.provider ?? "Nobody"}</Fact>
          <Fact name="Outcome">{outcomes[explained.outcome]}</Fact>
          <Fact name="Began">
            <LocalTime at={explained.startedAt} precision="second" />
          </Fact>
          <Fact name="Its id">
            <span className="inline-flex items-center gap-1">
              <code className="font-mono text-[13px] break-all">{explained.id}</code>
              <CopyButton value={explained.id} label="Copy the id" className="-my-1.5" />
            </span>
          </Fact>
        </Facts>
      </Section>
      <Section title="The bill">
        <BillTable bill={explained} />
      </Section>
      <Section title="What was set aside">
        <p className="max-w-2xl text-sm text-pretty text-muted-foreground">
          {explained.held === null ? (
            "How much was set aside is no longer kept."
          ) : (
            <>
              When it began, <Usd nanos={explained.held} className="text-foreground" /> were set aside: the most that it
              could cost. At its end <Usd nanos={explained.charged} className="text-foreground" /> were charged, and the
              rest was free again.
            </>
          )}
        </p>
      </Section>
      {booked.length > 1 && <Parts rows={booked} />}
      <RouteTaken explained={explained} />
    </>
  );
}

function Parts({ rows }: { rows: LedgerRow[] }) {
  return (
    <Section title="Booked in parts">
      <ul className="grid gap-1 text-sm">
        {rows.map(({ id, kind, amountNano }) => (
          <li key={id.toString()}>
            {kindName(kind)}: <SignedUsd nanos={amountNano} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
