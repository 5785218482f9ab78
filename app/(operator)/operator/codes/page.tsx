import { TicketIcon } from "lucide-react";
import { Suspense } from "react";
import { CodeForm } from "@/components/operator/code-form";
import { type CodeLine, CodeTable } from "@/components/operator/code-table";
import { PageHeader } from "@/components/page-header";
import { Card, CardContent } from "@/components/ui/card";
import { Empty } from "@/components/ui/empty";
import { Skeleton } from "@/components/ui/skeleton";
import type { Operator } from "@/db/operator";
import { listRedemptionCodes, type RedemptionCode } from "@/db/queries/redemption-codes";
import { requireOperator } from "@/lib/auth/session";
import { makeCodeAction, voidCodeAction } from "../actions";

export const metadata = { title: "Codes" };

export default async function CodesPage() {
  const operator = await requireOperator();
  return (
    <>
      <PageHeader
        title="Codes"
        description="Each turns into credits, once an account. A code is shown when it is made."
      />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-8">
        <Card className="max-w-2xl">
          <CardContent>
            <CodeForm make={makeCodeAction} />
          </CardContent>
        </Card>
        <Suspense fallback={<Skeleton className="h-64 w-full" />}>
          <Codes operator={operator} />
        </Suspense>
      </div>
    </>
  );
}

async function Codes({ operator }: { operator: Operator }) {
  const codes = await listRedemptionCodes(operator.database);
  if (codes.length === 0)
    return (
      <Empty icon={<TicketIcon />} title="No codes">
        Made codes stand here, with how often they were redeemed.
      </Empty>
    );
  return <CodeTable codes={codes.map(toLine)} voidCode={voidCodeAction} />;
}

const toLine = (code: RedemptionCode): CodeLine => ({
  id: code.id,
  label: code.label,
  amount: code.amountNano,
  uses: code.uses,
  used: code.used,
  note: code.note,
  state: stateOf(code),
  expiresAt: code.expiresAt,
  createdAt: code.createdAt,
});

function stateOf({ disabledAt, used, uses, expiresAt }: RedemptionCode): CodeLine["state"] {
  if (disabledAt) return "void";
  if (used >= uses) return "used up";
  return expiresAt && expiresAt.getTime() <= Date.now() ? "expired" : "good";
}
