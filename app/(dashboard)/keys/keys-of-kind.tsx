import { Suspense } from "react";
import type { KeySurroundings } from "@/components/keys/key-actions";
import { KeyTable } from "@/components/keys/key-table";
import { NewKeyDialog } from "@/components/keys/new-key-dialog";
import { PageHeader } from "@/components/page-header";
import { Pagination } from "@/components/ui/pagination";
import { Skeleton } from "@/components/ui/skeleton";
import { requireUser } from "@/lib/auth/session";
import { currentCatalogue } from "@/lib/models/catalogue";
import { servedModels } from "@/lib/models/served-models";
import { publicOrigin } from "../../(site)/origin";
import { exampleModel } from "../example-model";
import { pageNumber } from "../typed-input";
import { createKey, deleteKey, editKey, rotate, setKeyDisabled } from "./actions";
import { readKeyRows } from "./key-rows";

const PAGE = 100;

type Kind = "inference" | "management";

const descriptions = {
  inference: "What your programs show to be served. Each can have a limit of its own, and none can spend beyond it.",
  management: "For programs that make and change your other keys, over /api/v1/keys.",
};

const actions = { edit: editKey, setDisabled: setKeyDisabled, remove: deleteKey, rotate };

/** A page of the account's keys of one kind. */
export async function KeysOfKind({ kind, page, path }: { kind: Kind; page: string | undefined; path: string }) {
  const { accountId } = await requireUser();
  const [origin, model, catalogue] = await Promise.all([publicOrigin(), exampleModel(), currentCatalogue()]);
  const surroundings = { origin, model, models: servedModels(catalogue).map(({ slug }) => slug) };
  const from = (pageNumber(page) - 1) * PAGE;
  return (
    <>
      <PageHeader title={kind === "inference" ? "Keys" : "Management keys"} description={descriptions[kind]}>
        <NewKeyDialog kind={kind} create={createKey} {...surroundings} />
      </PageHeader>
      <Suspense key={from} fallback={<Skeleton className="h-64 w-full" />}>
        <Keys accountId={accountId} kind={kind} from={from} path={path} surroundings={surroundings} />
      </Suspense>
    </>
  );
}

async function Keys({
  accountId,
  kind,
  from,
  path,
  surroundings,
}: {
  accountId: string;
  kind: Kind;
  from: number;
  path: string;
  surroundings: KeySurroundings;
}) {
  const rows = await readKeyRows(accountId, kind, from, PAGE + 1);
  const more = rows.length > PAGE;
  const address = (offset: number) => `${path}?page=${offset / PAGE + 1}`;
  return (
    <div className="grid gap-4">
      <KeyTable kind={kind} rows={rows.slice(0, PAGE)} actions={actions} surroundings={surroundings} />
      {(more || from > 0) && (
        <Pagination newer={from > 0 ? address(from - PAGE) : undefined} older={more ? address(from + PAGE) : undefined}>
          From {from + 1}
        </Pagination>
      )}
    </div>
  );
}
