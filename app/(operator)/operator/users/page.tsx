import { UsersIcon } from "lucide-react";
import { Suspense } from "react";
import { z } from "zod";
import { PeopleTable } from "@/components/operator/people-table";
import { SearchForm } from "@/components/operator/search-form";
import { PageHeader } from "@/components/page-header";
import { Empty } from "@/components/ui/empty";
import { Pagination } from "@/components/ui/pagination";
import { Skeleton } from "@/components/ui/skeleton";
import type { Operator } from "@/db/operator";
import { listPeople, type PeopleCursor } from "@/db/queries/people";
import { requireOperator } from "@/lib/auth/session";

export const metadata = { title: "Users" };

const PAGE = 50;
const PATH = "/operator/users";

const id = z.uuid().optional().catch(undefined);
const address = z.object({ q: z.string().trim().max(320).catch(""), older: id, newer: id });

type Params = Record<string, string | string[] | undefined>;

export default async function UsersPage({ searchParams }: { searchParams: Promise<Params> }) {
  const operator = await requireOperator();
  const { q, older, newer } = address.parse(await searchParams);
  const cursor = older ? { older } : newer ? { newer } : undefined;
  return (
    <>
      <PageHeader title="Users" description="Everybody who has an account here, the newest first." />
      <SearchForm action={PATH} label="Part of an address or a name, or an id" search={q} />
      <Suspense key={`${q} ${older} ${newer}`} fallback={<Skeleton className="h-96 w-full" />}>
        <People operator={operator} search={q} cursor={cursor} />
      </Suspense>
    </>
  );
}

async function People({
  operator,
  search,
  cursor,
}: {
  operator: Operator;
  search: string;
  cursor: PeopleCursor | undefined;
}) {
  const forward = cursor !== undefined && "newer" in cursor;
  const rows = await listPeople(operator, { search, cursor, most: PAGE + 1 });
  const more = rows.length > PAGE;
  // The row too many is the furthest from where the page began.
  const page = more ? (forward ? rows.slice(1) : rows.slice(0, PAGE)) : rows;
  const [newest, oldest] = [page[0], page.at(-1)];
  if (!newest || !oldest)
    return (
      <Empty icon={<UsersIcon />} title="No such users">
        Nobody's address, name or id is like that.
      </Empty>
    );
  const href = (to: Record<string, string>) =>
    `${PATH}?${new URLSearchParams({ ...(search && { q: search }), ...to })}`;
  const newer = (forward ? more : cursor) ? href({ newer: newest.id }) : undefined;
  const older = forward || more ? href({ older: oldest.id }) : undefined;
  return (
    <div className="grid gap-4">
      <PeopleTable
        rows={page.map((person) => ({
          id: person.id,
          email: person.email,
          name: person.name,
          role: person.role,
          frozen: person.frozen,
          disabled: person.disabledAt !== null,
          balance: person.postedNano,
          held: person.heldNano,
          createdAt: person.createdAt,
        }))}
      />
      {(newer || older) && <Pagination newer={newer} older={older} />}
    </div>
  );
}
