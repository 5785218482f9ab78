import type { Metadata } from "next";
import Link from "next/link";
import { notFound, permanentRedirect } from "next/navigation";
import { type ReactNode, Suspense } from "react";
import { CodeSamples } from "@/components/models/code-samples";
import { EndpointTable } from "@/components/models/endpoint-table";
import { FactList } from "@/components/models/fact-list";
import { ParameterMatrix } from "@/components/models/parameter-matrix";
import { TokenCount } from "@/components/models/token-count";
import { Alert, AlertDescription, AlertTitle } from "@/components/ui/alert";
import { CopyButton } from "@/components/ui/copy-button";
import { Skeleton } from "@/components/ui/skeleton";
import { env } from "@/lib/env";
import { currentCatalogue, type Model } from "@/lib/models/catalogue";
import { publicOrigin } from "../../origin";
import { toEndpointRow } from "../endpoint-row";
import { Calculator } from "./calculator";
import { Performance } from "./performance";
import { samplesFor } from "./samples";

type Props = { params: Promise<{ slug: string[] }> };

export const dynamic = "force-dynamic";

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name, description } = await modelAt(params);
  return { title: name, description };
}

export default async function ModelPage({ params }: Props) {
  const model = await modelAt(params);
  const endpoints = model.endpoints.map(toEndpointRow).sort((a, b) => Number(b.isServed) - Number(a.isServed));
  const samples = samplesFor(await publicOrigin(), model.slug);
  const priced = endpoints.filter(({ isServed }) => isServed || endpoints.every((other) => !other.isServed));

  return (
    <article className="py-8">
      <nav aria-label="Breadcrumb" className="mb-3 text-[13px] text-muted-foreground">
        <Link href="/models" className="rounded-sm hover:text-foreground hover:underline">
          Models
        </Link>
      </nav>
      <header>
        <h1 className="text-2xl font-semibold tracking-tight">{model.name}</h1>
        <div className="mt-1 flex items-center gap-1">
          <code className="text-sm break-all text-muted-foreground">{model.slug}</code>
          <CopyButton value={model.slug} label="Copy the model's name" className="size-7" />
        </div>
        {model.description && <p className="mt-3 max-w-2xl text-pretty text-muted-foreground">{model.description}</p>}
      </header>
      <div className="mt-6">
        <FactList facts={factsOf(model)} />
      </div>
      {!endpoints.some(({ isServed }) => isServed) && (
        <Alert variant="warning" className="mt-6">
          <AlertTitle>This model cannot be called here yet</AlertTitle>
          <AlertDescription>None of its providers has a key on this server.</AlertDescription>
        </Alert>
      )}
      <Section title="Providers" text="US dollars per million tokens. A dash: billed as any other input.">
        <EndpointTable endpoints={endpoints} />
      </Section>
      <Section title="Performance" text="Of the requests that this server has sent, over the last 24 hours.">
        <Suspense fallback={<Skeleton className="h-56" />}>
          <Performance model={model} />
        </Suspense>
      </Section>
      <Section title="What it would cost">
        <Calculator endpoints={priced} markupBasisPoints={env().MARKUP_BASIS_POINTS ?? 0} />
      </Section>
      <Section title="Ask it">
        <CodeSamples samples={samples} />
      </Section>
      <Section title="Supported parameters">
        <ParameterMatrix endpoints={endpoints} />
      </Section>
    </article>
  );
}

/** An alias leads to the model; a name that nothing has is not there. */
async function modelAt(params: Props["params"]): Promise<Model> {
  const name = (await params).slug.map(decodeURIComponent).join("/");
  const { models, aliases } = await currentCatalogue();
  const alias = aliases.get(name);
  if (!models.has(name) && alias) permanentRedirect(`/models/${alias}`);
  const model = models.get(name);
  if (!model?.outputModalities.includes("text") || model.endpoints.length === 0) notFound();
  return model;
}

const factsOf = (model: Model) => [
  { name: "Context", value: <TokenCount tokens={model.contextLength} /> },
  { name: "Input", value: model.inputModalities.join(", ") },
  { name: "Output", value: model.outputModalities.join(", ") },
  { name: "Reasoning", value: model.reasoning ? "yes" : "no" },
  ...(model.releasedAt
    ? [
        {
          name: "Released",
          value: new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" }).format(model.releasedAt),
        },
      ]
    : []),
];

function Section({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  return (
    <section className="mt-12" aria-label={title}>
      <h2 className="text-base font-semibold tracking-tight">{title}</h2>
      {text && <p className="mt-0.5 text-[13px] text-muted-foreground">{text}</p>}
      <div className="mt-4">{children}</div>
    </section>
  );
}
