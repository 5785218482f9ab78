import { Fact, Facts } from "@/components/credits/facts";
import type { RouteRecord } from "@/db/schema";
import type { explainGeneration } from "@/lib/gateway/explained-generation";
import { Section } from "./section";

type Explained = NonNullable<Awaited<ReturnType<typeof explainGeneration>>>;

const strategies: Record<string, string> = {
  direct: "By its own name",
  alias: "By another name of it",
  latest: "The newest of its family",
  auto: "The best for its price among all that can serve the request",
  cache: "Not asked: the answer was kept from the same request before",
  fallback: "One of several models that were named",
};

/** What a filter asks for that an endpoint was not. */
const filters: Record<string, string> = {
  modality: "does not take what was sent",
  no_key: "no key for it here",
  context_length: "too short for the prompt",
  max_tokens: "cannot write as much",
  require_parameters: "lacks a parameter",
  guardrail: "ruled out by the key's guardrail",
  only: "not among provider.only",
  ignore: "among provider.ignore",
  order: "not in provider.order",
  service_tier: "a tier of service that was not asked for",
  free: "not free",
  data_collection: "may train on prompts",
  zdr: "may retain prompts",
  enforce_distillable_text: "may not be distilled",
  quantizations: "another quantization",
};

/** Why a request went where it did: who could serve it, in which order, who could not and why, and how those tried ended. */
export function RouteTaken({
  explained: { route, requestedModel, provider, outcome, errorType, attempts },
}: {
  explained: Explained;
}) {
  if (!route && attempts.length === 0) return null;
  return (
    <Section title="Why it went there">
      {route && (
        <Facts>
          <Fact name="Asked for">
            <code className="font-mono text-[13px] break-all">{requestedModel}</code>
          </Fact>
          <Fact name="The model was found">{strategies[route.strategy] ?? route.strategy}</Fact>
          <Fact name="Could serve it, in this order">
            <Names of={route.considered} />
          </Fact>
          {route.excluded.length > 0 && (
            <Fact name="Could not">
              <Excluded route={route} />
            </Fact>
          )}
          {route.pipeline && (
            <Fact name="Done beside it">
              <ul className="grid gap-0.5">
                {route.pipeline.map(({ type, name, summary }) => (
                  <li key={`${type} ${name}`}>{summary}</li>
                ))}
              </ul>
            </Fact>
          )}
        </Facts>
      )}
      {attempts.length > 0 && (
        <>
          <p className="mt-4 mb-2 text-sm text-muted-foreground">
            These failed before the first word. What they may charge for it is not charged to you.
          </p>
          <ul className="grid gap-1 text-sm">
            {attempts.map(({ provider, failure, status, ms }) => (
              <li key={`${provider} ${ms}`}>
                {provider}: {failure.replaceAll("_", " ")}
                {status !== null && `, status ${status}`}, after {ms} ms
              </li>
            ))}
            {outcome === "failed" && errorType && (
              <li>
                {provider ?? "The last one"}: {errorType.replaceAll("_", " ")}, and nobody was left to ask
              </li>
            )}
          </ul>
        </>
      )}
    </Section>
  );
}

const Names = ({ of }: { of: RouteRecord["considered"] }) => (
  <ol className="grid gap-0.5">
    {of.map(({ provider, model, byok }) => (
      <li key={`${provider} ${model} ${byok}`}>
        {provider} <span className="text-muted-foreground">{model}</span>
        {byok && " with your own key"}
      </li>
    ))}
  </ol>
);

const Excluded = ({ route: { excluded, more } }: { route: RouteRecord }) => (
  <ul className="grid gap-0.5">
    {excluded.map(({ provider, model, by }) => (
      <li key={`${provider} ${model}`}>
        {provider} <span className="text-muted-foreground">{model}</span>: {filterName(by)}
      </li>
    ))}
    {more !== undefined && <li className="text-muted-foreground">and {more} more</li>}
  </ul>
);

const filterName = (by: string) =>
  by.startsWith("max_price.") ? "dearer than provider.max_price" : (filters[by] ?? by);
