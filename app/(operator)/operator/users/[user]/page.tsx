import { randomUUID } from "node:crypto";
import { notFound } from "next/navigation";
import { Suspense } from "react";
import { z } from "zod";
import { Fact, Facts } from "@/components/credits/facts";
import { LocalTime } from "@/components/local-time";
import { GrantForm } from "@/components/operator/grant-form";
import { PersonBadges } from "@/components/operator/people-table";
import { PageHeader } from "@/components/page-header";
import { Card, CardContent, CardHeader, CardTitle } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { Usd } from "@/components/usd";
import { listFreezes } from "@/db/queries/account-freezes";
import { findPerson } from "@/db/queries/people";
import { requireOperator } from "@/lib/auth/session";
import { grant } from "../actions";
import { Freezes, PersonDecisions } from "./decisions";
import { Audit, Keys, Lines, Sessions } from "./sections";

export const metadata = { title: "User" };

const id = z.uuid();
const older = z
  .string()
  .regex(/^\d{1,18}$/)
  .transform(BigInt)
  .optional()
  .catch(undefined);

type Props = {
  params: Promise<{ user: string }>;
  searchParams: Promise<{ older?: string | string[] }>;
};

export default async function UserPage({ params, searchParams }: Props) {
  const operator = await requireOperator();
  const userId = id.safeParse((await params).user).data ?? notFound();
  const person = (await findPerson(operator, userId)) ?? notFound();
  const freezes = await listFreezes(operator.database, person.accountId);
  const path = `/operator/users/${person.id}`;
  const waiting = <Skeleton className="h-32 w-full" />;
  return (
    <>
      <PageHeader title={<span className="break-all">{person.email}</span>} description={person.name ?? undefined}>
        <PersonDecisions person={person} />
      </PageHeader>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
        <div className="grid items-start gap-6 lg:grid-cols-2">
          <Card>
            <CardHeader>
              <CardTitle>Account</CardTitle>
            </CardHeader>
            <CardContent>
              <Facts>
                <Fact name="Balance">
                  <Usd nanos={person.postedNano} />, <Usd nanos={person.heldNano} /> of it set aside
                </Fact>
                <Fact name="User">
                  <code className="font-mono text-xs break-all">{person.id}</code>
                </Fact>
                <Fact name="Account">
                  <code className="font-mono text-xs break-all">{person.accountId}</code>
                </Fact>
                <Fact name="Since">
                  <LocalTime at={person.createdAt} />
                </Fact>
                <Fact name="Address confirmed">
                  {person.emailVerifiedAt ? <LocalTime at={person.emailVerifiedAt} /> : "Not yet"}
                </Fact>
                <Fact name="State">
                  <PersonBadges person={{ ...person, disabled: person.disabledAt !== null }} />
                  {person.role === "user" && !person.frozen && !person.disabledAt && "Nothing out of the ordinary"}
                </Fact>
              </Facts>
              <Freezes userId={person.id} freezes={freezes} />
            </CardContent>
          </Card>
          <Card>
            <CardHeader>
              <CardTitle>Give credits</CardTitle>
            </CardHeader>
            <CardContent className="[&_button[type=submit]]:justify-self-start">
              <GrantForm
                userId={person.id}
                reference={randomUUID()}
                grant={grant}
                confirmAt={`/confirm?next=${encodeURIComponent(path)}`}
              />
            </CardContent>
          </Card>
        </div>
        <Suspense fallback={waiting}>
          <Lines operator={operator} person={person} older={older.parse((await searchParams).older)} />
        </Suspense>
        <Suspense fallback={waiting}>
          <Keys operator={operator} person={person} />
        </Suspense>
        <Suspense fallback={waiting}>
          <Sessions operator={operator} person={person} />
        </Suspense>
        <Suspense fallback={waiting}>
          <Audit operator={operator} person={person} />
        </Suspense>
      </div>
    </>
  );
}
