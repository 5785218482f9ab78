import Link from "next/link";
import { CodeSample } from "@/components/code-sample";
import { NoModels } from "@/components/models/no-models";
import { Price } from "@/components/models/price";
import { TokenCount } from "@/components/models/token-count";
import { BillFigures } from "@/components/site/bill-figures";
import { CapFigures } from "@/components/site/cap-figures";
import { CheapestModels } from "@/components/site/cheapest-models";
import { LiveFacts } from "@/components/site/live-facts";
import { Pledge } from "@/components/site/pledge";
import { StreamCases } from "@/components/site/stream-cases";
import { Button } from "@/components/ui/button";
import { currentUser } from "@/lib/auth/session";
import { env } from "@/lib/env";
import { currentCatalogue } from "@/lib/models/catalogue";
import { servedModels } from "@/lib/models/served-models";
import { toModelRow } from "./models/model-row";
import { publicOrigin } from "./origin";
import { workedBill, workedCap } from "./worked-figures";

export const dynamic = "force-dynamic";

const SHOWN = 6;
const GREETING = "Hello";

export default async function HomePage() {
  const [catalogue, origin, user] = await Promise.all([currentCatalogue(), publicOrigin(), currentUser()]);
  const models = servedModels(catalogue);
  const byPrice = models.toSorted((a, b) => Number(a.endpoints[0].prices.prompt - b.endpoints[0].prices.prompt));
  const [cheapest] = byPrice;
  const markup = env().MARKUP_BASIS_POINTS ?? 0;

  return (
    <>
      <section className="grid items-center gap-10 py-14 sm:py-20 lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)] lg:gap-12">
        <div>
          <h1 className="text-3xl font-semibold tracking-tight text-balance sm:text-[2.5rem] sm:leading-[1.15]">
            One API for every model, on your own server
          </h1>
          <p className="mt-5 max-w-xl leading-relaxed text-pretty text-muted-foreground">
            Point any OpenAI client at this address and name a model as{" "}
            <code className="text-[0.9em] text-foreground">company/model</code>. The request goes to the provider that
            serves it best and cheapest, and never spends more than its account has.
          </p>
          <div className="mt-7 flex flex-wrap gap-2">
            <Button size="lg" asChild>
              <Link href={user ? "/keys" : "/sign-up"}>{user ? "Your keys" : "Create an account"}</Link>
            </Button>
            <Button size="lg" variant="outline" asChild>
              <Link href="/models">Browse the models</Link>
            </Button>
          </div>
        </div>
        <CodeSample label="Ask a model" code={curl(origin, cheapest?.slug ?? "openai/gpt-4o-mini")} />
      </section>

      {cheapest ? (
        <LiveFacts
          facts={[
            { name: "models can be called now", value: models.length },
            { name: "providers behind them", value: countProviders(models) },
            {
              name: "for a million tokens, at the cheapest",
              value: <Price picos={cheapest.endpoints[0].prices.prompt} />,
            },
            {
              name: "tokens in the longest context",
              value: <TokenCount tokens={Math.max(...models.map(({ contextLength }) => contextLength))} />,
            },
          ]}
        />
      ) : (
        <NoModels />
      )}

      <section aria-labelledby="promises" className="pt-20">
        <h2 id="promises" className="mb-8 text-xl font-semibold tracking-tight">
          What it promises, and how to see it
        </h2>
        {cheapest && (
          <>
            <Pledge
              title="A prepaid cap cannot be exceeded"
              text="Before a provider is called, the most that the request can cost is set aside in one database statement. What is set aside cannot be spent twice, however many requests arrive at once, and nobody is charged more than it."
            >
              <CapFigures cap={workedCap(cheapest, GREETING, markup)} model={cheapest.slug} />
            </Pledge>
            <Pledge
              title="Every cent can be explained"
              text={
                <>
                  Prices are whole pico-dollars and amounts whole nano-dollars; a bill is rounded once. The ledger is
                  append-only, and <code className="whitespace-nowrap">npm run admin -- money check</code> proves the
                  books while they are in use.
                </>
              }
            >
              <BillFigures bill={workedBill(cheapest, markup)} model={cheapest.slug} />
            </Pledge>
          </>
        )}
        <Pledge
          title="A stream survives what happens to it"
          text={
            <>
              Failures are part of the design, and so is what they cost. Each of these cases is a test, with real
              processes and a real database: the killed server one of{" "}
              <code className="whitespace-nowrap">npm run test:long</code>, the others of{" "}
              <code className="whitespace-nowrap">npm test</code>.
            </>
          }
        >
          <StreamCases />
        </Pledge>
      </section>

      {cheapest && (
        <section aria-labelledby="cheapest" className="border-t pt-10">
          <div className="mb-4 flex items-baseline justify-between gap-4">
            <h2 id="cheapest" className="text-xl font-semibold tracking-tight">
              The cheapest models
            </h2>
            <Link href="/models" className="rounded-sm text-sm text-brand underline-offset-4 hover:underline">
              All {models.length} models
            </Link>
          </div>
          <CheapestModels models={byPrice.slice(0, SHOWN).map(toModelRow)} />
        </section>
      )}

      <section
        aria-labelledby="own"
        className="mt-16 grid gap-x-12 gap-y-5 border-t pt-10 lg:grid-cols-[minmax(0,5fr)_minmax(0,7fr)]"
      >
        <div>
          <h2 id="own" className="text-xl font-semibold tracking-tight">
            Run your own
          </h2>
          <p className="mt-2 text-sm leading-relaxed text-pretty text-muted-foreground">
            It is one Node program and one Postgres. The first command needs Node 20.19 and nothing else: it brings a
            Postgres along, and answers for providers whose key is not set by stand-ins that say so. For a server, set{" "}
            <code>DATABASE_URL</code> and <code>APP_SECRET</code>.
          </p>
        </div>
        <CodeSample label="In a copy of the source" code={commands} />
      </section>
    </>
  );
}

const countProviders = (models: ReturnType<typeof servedModels>) =>
  new Set(models.flatMap(({ endpoints }) => endpoints.map(({ provider }) => provider.slug))).size;

const curl = (origin: string, model: string) => `curl ${origin}/api/v1/chat/completions \\
  -H "Authorization: Bearer $OPENROUTER_API_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "model": "${model}",
    "max_tokens": 1000,
    "messages": [{"role": "user", "content": "${GREETING}"}]
  }'`;

const commands = `# try it, with an embedded Postgres
npm run quickstart

# run it
npm ci
npm run build
npm run db:migrate
npm start`;
