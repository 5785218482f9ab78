import type { Operator } from "@/db/operator";
import { recordAudit } from "@/db/queries/audit";
import { findProviderRow } from "@/db/queries/catalogue";
import { AppError, ProviderError, type ProviderFailure } from "@/lib/errors";
import { currentCatalogue, type Endpoint } from "@/lib/models/catalogue";
import { chatRequest } from "@/lib/protocol/chat-request";
import { adapterFor } from "@/lib/providers";

/** How a provider answered, in milliseconds; or what is the matter with it, in a word and in a sentence. */
export type Tried = { model: string; ms: number } & (
  | { ok: true }
  | { ok: false; failure: ProviderFailure; message: string; detail: string | null }
);

const MOST_MS = 20_000;
/** Some take no less. */
const MOST_TOKENS = 16;

/**
 * Asks a provider for a few words, with the operator's key, by the cheapest of its endpoints that chats. The operator
 * pays for it at the provider, and nobody here is charged.
 * @throws AppError `not_found`, and `conflict` where there is nothing to ask
 */
export async function tryProvider(operator: Operator, slug: string): Promise<Tried> {
  if (!(await findProviderRow(operator.database, slug)))
    throw new AppError("not_found", `There is no provider ${slug}.`);
  const { models } = await currentCatalogue();
  const chatting = [...models.values()].filter((model) => model.outputModalities.includes("text"));
  const own = chatting.flatMap((model) => model.endpoints).filter(({ provider }) => provider.slug === slug);
  const endpoint = own.reduce<Endpoint | undefined>(cheaper, undefined);
  if (!endpoint)
    throw new AppError("conflict", "None of its endpoints that chat is on, so that there is nothing to ask.");
  const tried = await ask(endpoint);
  await recordAudit({
    ...operator.actor,
    action: "provider.test",
    target: { kind: "provider", id: slug },
    after: { model: tried.model, ...(tried.ok ? { ms: tried.ms } : { failure: tried.failure }) },
    result: tried.ok ? "ok" : "failed",
  });
  return tried;
}

const cheaper = (best: Endpoint | undefined, one: Endpoint) =>
  best && best.prices.completion <= one.prices.completion ? best : one;

async function ask({ modelSlug, upstreamModel, wire, provider }: Endpoint): Promise<Tried> {
  const { credential, name, kind } = provider;
  const startedAt = performance.now();
  const as = () => ({ model: modelSlug, ms: Math.round(performance.now() - startedAt) });
  if (!credential) {
    const message = `There is no key for ${name}.`;
    return { ...as(), ok: false, failure: "credential", message, detail: null };
  }
  const signal = AbortSignal.timeout(MOST_MS);
  const messages = [{ role: "user", content: "Say OK." }];
  try {
    const { apiKey, baseUrl } = credential;
    const adapter = adapterFor({ apiKey, baseUrl, provider: name, kind: wire ?? kind });
    const request = chatRequest.parse({ model: modelSlug, messages });
    for await (const _chunk of adapter({ request, upstreamModel, maxOutputTokens: MOST_TOKENS, signal }));
    return { ...as(), ok: true };
  } catch (error) {
    if (signal.aborted)
      return { ...as(), ok: false, failure: "timeout", message: `${name} did not answer within 20 s.`, detail: null };
    if (!(error instanceof ProviderError)) throw error;
    const detail = error.cause instanceof Error ? error.cause.message : null;
    return { ...as(), ok: false, failure: error.failure, message: error.message, detail };
  }
}
