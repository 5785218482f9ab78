import { redirect } from "next/navigation";
import { requireOperator } from "@/lib/auth/session";

export default async function OperatorPage() {
  await requireOperator();
  redirect("/operator/users");
}
