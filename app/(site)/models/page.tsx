import { Suspense } from "react";
import { ModelBrowser } from "@/components/models/model-browser";
import { ModelBrowserSkeleton } from "@/components/models/model-browser-skeleton";
import { NoModels } from "@/components/models/no-models";
import { PageHeader } from "@/components/page-header";
import { currentCatalogue } from "@/lib/models/catalogue";
import { servedModels } from "@/lib/models/served-models";
import { toModelRow } from "./model-row";

export const metadata = { title: "Models", description: "What can be called here, and what it costs." };
export const dynamic = "force-dynamic";

export default function ModelsPage() {
  return (
    <div className="py-8">
      <PageHeader
        title="Models"
        description="What can be called here now. Prices are US dollars per million tokens at the cheapest provider."
      />
      <Suspense fallback={<ModelBrowserSkeleton />}>
        <Models />
      </Suspense>
    </div>
  );
}

async function Models() {
  const models = servedModels(await currentCatalogue()).map(toModelRow);
  return models.length === 0 ? <NoModels /> : <ModelBrowser models={models} />;
}
