import { MegaphoneIcon } from "lucide-react";
import { Suspense } from "react";
import { LocalTime } from "@/components/local-time";
import { AnnouncementForm } from "@/components/operator/announcement-form";
import { Decision } from "@/components/operator/decision";
import { PageHeader } from "@/components/page-header";
import { Badge } from "@/components/ui/badge";
import { Card, CardContent } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import type { Operator } from "@/db/operator";
import { type Announcement, listAnnouncements } from "@/db/queries/announcements";
import { requireOperator } from "@/lib/auth/session";
import { announceAction, withdrawAction } from "../actions";

export const metadata = { title: "Announcements" };

export default async function AnnouncementsPage() {
  const operator = await requireOperator();
  return (
    <>
      <PageHeader
        title="Announcements"
        description="Above every page of everybody who is signed in. Each can be put away, browser by browser."
      />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
        <Card className="max-w-3xl [&_button[type=submit]]:justify-self-start">
          <CardContent>
            <AnnouncementForm announce={announceAction} />
          </CardContent>
        </Card>
        <Suspense fallback={<Skeleton className="h-48 w-full" />}>
          <Announcements operator={operator} />
        </Suspense>
      </div>
    </>
  );
}

async function Announcements({ operator }: { operator: Operator }) {
  const rows = await listAnnouncements(operator);
  if (rows.length === 0)
    return (
      <Empty icon={<MegaphoneIcon />} title="Nothing was announced">
        What you announce stands here, and how long it is to be seen.
      </Empty>
    );
  return (
    <ul className="divide-y rounded-lg border">
      {rows.map((row) => (
        <Line key={row.id} row={row} />
      ))}
    </ul>
  );
}

const severities = { info: "For information", warning: "A warning", critical: "Grave" };

function Line({ row: { id, text, severity, shownFrom, shownUntil } }: { row: Announcement }) {
  const now = Date.now();
  const over = shownUntil !== null && shownUntil.getTime() <= now;
  const toCome = shownFrom.getTime() > now;
  return (
    <li className="flex flex-wrap items-start justify-between gap-3 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64 text-sm">
        <p className="break-words">{text}</p>
        <p className="mt-1 flex flex-wrap items-center gap-2 text-[13px] text-muted-foreground">
          {severities[severity]}, from <LocalTime at={shownFrom} />
          {shownUntil && (
            <>
              {" "}
              until <LocalTime at={shownUntil} />
            </>
          )}
          {over ? <Badge>Over</Badge> : toCome ? <Badge>To come</Badge> : <Badge variant="success">To be seen</Badge>}
        </p>
      </div>
      {!over && (
        <Decision
          label="Withdraw"
          title="Withdraw this announcement?"
          action={withdrawAction}
          input={{ id }}
          done="The announcement is withdrawn."
        >
          Nobody sees it any more.
        </Decision>
      )}
    </li>
  );
}
