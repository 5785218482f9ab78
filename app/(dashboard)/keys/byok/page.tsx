import { Suspense } from "react";
import { ByokList } from "@/components/keys/byok-list";
import { Skeleton } from "@/components/ui/skeleton";
import { db } from "@/db/client";
import { listByokKeys } from "@/db/queries/byok-keys";
import { listProviders } from "@/db/queries/catalogue";
import { requireUser } from "@/lib/auth/session";
import { addByok, removeByok, reorderByok, setByokDisabled } from "./actions";

export const metadata = { title: "Provider keys" };

const actions = { add: addByok, setDisabled: setByokDisabled, remove: removeByok, reorder: reorderByok };

export default async function ByokPage() {
  const { accountId } = await requireUser();
  return (
    <Suspense fallback={<Skeleton className="h-64 w-full" />}>
      <Keys accountId={accountId} />
    </Suspense>
  );
}

async function Keys({ accountId }: { accountId: string }) {
  const [{ keys }, providers] = await Promise.all([listByokKeys(db(), accountId), listProviders(db())]);
  // Never a whole row of either: what goes to the browser is named here.
  const rows = keys.map((key) => ({
    id: key.id,
    provider: key.providerSlug,
    name: key.name,
    label: key.label,
    isFallback: key.isFallback,
    isRequired: key.isRequired,
    disabled: key.disabled,
    lastUsedAt: key.lastUsedAt,
    lastFailure: key.lastFailure && key.lastFailedAt ? { what: key.lastFailure, at: key.lastFailedAt } : null,
  }));
  const choices = providers.filter(({ enabled }) => enabled).map(({ slug, name }) => ({ slug, name }));
  return <ByokList rows={rows} providers={choices} actions={actions} />;
}
