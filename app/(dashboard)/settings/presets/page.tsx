import { PlusIcon } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { PageHeader } from "@/components/page-header";
import { PresetList } from "@/components/settings/preset-list";
import { Button } from "@/components/ui/button";
import { db } from "@/db/client";
import { listPresets } from "@/db/queries/presets";
import { requireUser } from "@/lib/auth/session";
import { deletePreset } from "./actions";

export const metadata: Metadata = { title: "Presets" };

export default async function PresetsPage() {
  const { accountId } = await requireUser();
  // An account has no more than that.
  const { presets } = await listPresets(db(), accountId, { offset: 0, most: 100 });
  return (
    <>
      <PageHeader
        title="Presets"
        description="Settings for requests under a name: ask for @preset/name as the model. What a request says itself goes before."
      >
        <Button asChild>
          <Link href="/settings/presets/edit">
            <PlusIcon /> New preset
          </Link>
        </Button>
      </PageHeader>
      <PresetList
        presets={presets.map(({ slug, updatedAt, version: { version, config, systemPrompt } }) => ({
          slug,
          updatedAt,
          version,
          model: typeof config.model === "string" ? config.model : null,
          fields: Object.keys(config).filter((field) => field !== "model"),
          hasPrompt: systemPrompt !== null,
        }))}
        remove={deletePreset}
      />
    </>
  );
}
