import { headers } from "next/headers";
import { CodeSample } from "@/components/code-sample";
import { ModelPriceTable } from "@/components/models/model-price-table";
import { env } from "@/lib/env";
import { currentCatalogue } from "@/lib/models/catalogue";
import { servedModels } from "@/lib/models/served-models";

export const dynamic = "force-dynamic";

export default async function HomePage() {
  const models = servedModels(await currentCatalogue());
  const requestHeaders = await headers();
  const origin = env().APP_URL ?? `http://${requestHeaders.get("host") ?? "localhost:3000"}`;

  return (
    <main className="mx-auto max-w-5xl px-5 py-14 sm:py-20">
      <h1 className="text-3xl font-semibold tracking-tight sm:text-4xl">One API for every model, on your own server</h1>
      <p className="mt-4 max-w-2xl text-lg text-muted-foreground">
        Point any OpenAI client at this address, name a model as{" "}
        <code className="font-mono text-[0.9em]">company/model</code>, and the request goes to the provider that serves
        it best and cheapest.
      </p>
      <CodeSample label="Ask a model" code={sample(origin, cheapest(models)?.slug ?? "openai/gpt-4o-mini")} />
      <h2 className="mt-14 text-xl font-semibold tracking-tight">Models</h2>
      <p className="mt-1 text-sm text-muted-foreground">
        {models.length} models can be called now. US dollars per million tokens, at the cheapest provider.
      </p>
      <ModelPriceTable models={models} />
    </main>
  );
}

const cheapest = <T extends { prompt: bigint }>(models: T[]): T | undefined =>
  models.reduce<T | undefined>((best, model) => (best && best.prompt <= model.prompt ? best : model), undefined);

const sample = (origin: string, model: string) => `curl ${origin}/api/v1/chat/completions \\
  -H "Authorization: Bearer $OPENROUTER_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{"model": "${model}", "messages": [{"role": "user", "content": "Hello"}]}'`;
