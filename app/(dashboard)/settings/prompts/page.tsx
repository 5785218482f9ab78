import type { Metadata } from "next";
import { PageHeader } from "@/components/page-header";
import { PromptLogSwitch } from "@/components/settings/prompt-log-switch";
import { db } from "@/db/client";
import { findAccountSettings } from "@/db/queries/account-settings";
import { countPromptLogs } from "@/db/queries/prompt-logs";
import { requireUser } from "@/lib/auth/session";
import { promptLogDays } from "@/lib/gateway/prompt-log";
import { deletePrompts, setPromptLog } from "./actions";

export const metadata: Metadata = { title: "Prompt log" };

export default async function PromptLogPage() {
  const { accountId } = await requireUser();
  const days = promptLogDays();
  const [settings, kept] = await Promise.all([
    findAccountSettings(db(), accountId),
    countPromptLogs(db(), accountId, days),
  ]);
  return (
    <>
      <PageHeader
        title="Prompt log"
        description="What you ask and what is answered is kept nowhere, unless you want it to be, for a while."
      />
      <PromptLogSwitch
        on={settings?.logsPrompts ?? false}
        days={days}
        kept={kept}
        set={setPromptLog}
        remove={deletePrompts}
      />
    </>
  );
}
