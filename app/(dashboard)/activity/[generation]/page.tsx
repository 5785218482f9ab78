import { notFound } from "next/navigation";
import { PageHeader } from "@/components/page-header";
import { requireUser } from "@/lib/auth/session";
import { explainGeneration } from "@/lib/gateway/explained-generation";
import { GenerationBill } from "./generation-bill";
import { PromptKept } from "./prompt-kept";
import { TimeTaken } from "./time-taken";

export const metadata = { title: "A request and its bill" };

/** One request by the id that its answer carried, free ones too, which no line of the ledger tells of. */
export default async function GenerationPage({ params }: { params: Promise<{ generation: string }> }) {
  const { accountId } = await requireUser();
  const explained = await explainGeneration(accountId, (await params).generation);
  if (!explained) notFound();
  return (
    <>
      <PageHeader title="A request and its bill" description={explained.model} />
      <div className="grid gap-8">
        <GenerationBill accountId={accountId} explained={explained} />
        <TimeTaken explained={explained} />
        <PromptKept accountId={accountId} generation={explained.id} />
      </div>
    </>
  );
}
