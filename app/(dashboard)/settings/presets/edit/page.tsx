import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { PageHeader } from "@/components/page-header";
import { PresetForm } from "@/components/settings/preset-form";
import { db } from "@/db/client";
import { findPreset } from "@/db/queries/presets";
import { requireUser } from "@/lib/auth/session";
import { currentCatalogue } from "@/lib/models/catalogue";
import { servedModels } from "@/lib/models/served-models";
import { savePreset } from "../actions";

export const metadata: Metadata = { title: "A preset" };

/** A new preset, or a further version of the one that the address names. */
export default async function EditPresetPage({
  searchParams,
}: {
  searchParams: Promise<{ slug?: string | string[] }>;
}) {
  const { accountId } = await requireUser();
  const { slug } = await searchParams;
  const preset = typeof slug === "string" ? await findPreset(db(), accountId, slug) : undefined;
  if (slug !== undefined && !preset) notFound();
  const { model, ...settings } = preset?.version.config ?? {};
  return (
    <>
      <PageHeader
        title={preset ? preset.slug : "A new preset"}
        description={
          preset
            ? `Saving makes version ${preset.version.version + 1}, which requests have from then on.`
            : "Requests ask for it by its name."
        }
      />
      <PresetForm
        slug={preset?.slug}
        model={typeof model === "string" ? model : ""}
        systemPrompt={preset?.version.systemPrompt ?? ""}
        settings={Object.keys(settings).length > 0 ? JSON.stringify(settings, null, 2) : ""}
        models={servedModels(await currentCatalogue()).map(({ slug }) => slug)}
        save={savePreset}
      />
    </>
  );
}
