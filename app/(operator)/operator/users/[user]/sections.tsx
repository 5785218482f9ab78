import type { ReactNode } from "react";
import { LocalTime } from "@/components/local-time";
import { AuditTable } from "@/components/operator/audit-table";
import { PersonKeys } from "@/components/operator/person-keys";
import { PersonLedger } from "@/components/operator/person-ledger";
import { Empty } from "@/components/ui/empty";
import { Pagination } from "@/components/ui/pagination";
import type { Operator } from "@/db/operator";
import { listApiKeys } from "@/db/queries/api-keys";
import { listLedger } from "@/db/queries/ledger";
import { listPersonAudit, type Person } from "@/db/queries/people";
import { listSessions } from "@/db/queries/sessions";
import { toAuditLine } from "../../audit-lines";

type Of = { operator: Operator; person: Person };

const LINES = 20;
const MOST_KEYS = 200;

export async function Lines({ operator, person, older }: Of & { older: bigint | undefined }) {
  const cursor = older === undefined ? undefined : { older };
  const rows = await listLedger(operator.database, person.accountId, { cursor, most: LINES + 1 });
  const page = rows.slice(0, LINES);
  const path = `/operator/users/${person.id}`;
  const last = page.at(-1);
  const next = rows.length > LINES && last ? `${path}?older=${last.id}` : undefined;
  return (
    <Section title="Ledger">
      {page.length === 0 ? (
        <Empty title="Nothing booked" />
      ) : (
        <PersonLedger
          lines={page.map((row) => ({
            id: row.id,
            kind: row.kind,
            source: row.source,
            sourceId: row.sourceId,
            amount: row.amountNano,
            balance: row.balanceNano,
            at: row.createdAt,
          }))}
        />
      )}
      {(next || older !== undefined) && <Pagination newer={older === undefined ? undefined : path} older={next} />}
    </Section>
  );
}

export async function Keys({ operator, person }: Of) {
  const keys = await listApiKeys(operator.database, person.accountId, 0, MOST_KEYS);
  return (
    <Section title="Keys">
      {keys.length === 0 ? (
        <Empty title="No keys" />
      ) : (
        <PersonKeys
          keys={keys.map((key) => ({
            id: key.id,
            name: key.name,
            label: key.label,
            kind: key.kind,
            disabled: key.disabled,
            expiresAt: key.expiresAt,
            limit: key.limitNano,
            spent: key.spentNano,
            reset: key.reset,
            createdAt: key.createdAt,
          }))}
        />
      )}
    </Section>
  );
}

export async function Sessions({ operator, person }: Of) {
  const sessions = await listSessions(operator.database, person.id);
  return (
    <Section title="Sessions">
      {sessions.length === 0 ? (
        <Empty title="Signed in nowhere" />
      ) : (
        <ul className="divide-y rounded-lg border px-4 text-sm">
          {sessions.map((session) => (
            <li key={session.id} className="py-2.5">
              <p className="break-words">{session.userAgent ?? "Unknown device"}</p>
              <p className="text-[13px] text-muted-foreground">
                {session.address ?? "unknown address"}, last seen <LocalTime at={session.lastSeenAt} />
              </p>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

export async function Audit({ operator, person }: Of) {
  const rows = await listPersonAudit(operator, person, LINES);
  return (
    <Section title="Audit log">
      {rows.length === 0 ? <Empty title="Nothing written" /> : <AuditTable lines={rows.map(toAuditLine)} />}
    </Section>
  );
}

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="grid gap-3">
    <h2 className="text-[15px] font-medium">{title}</h2>
    {children}
  </section>
);
