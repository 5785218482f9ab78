import { AddProviderForm } from "@/components/operator/provider-forms";
import { PageHeader } from "@/components/page-header";
import { requireOperator } from "@/lib/auth/session";
import { addProviderAction } from "../actions";

export const metadata = { title: "Add a provider" };

export default async function AddProviderPage() {
  await requireOperator();
  return (
    <>
      <PageHeader
        title="Add a provider"
        description="Where requests can go. It is asked once one of its endpoints serves a model."
      />
      <div className="max-w-xl [&_button[type=submit]]:justify-self-start">
        <AddProviderForm add={addProviderAction} confirmAt="/confirm?next=/operator/providers/add" />
      </div>
    </>
  );
}
