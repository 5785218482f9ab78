import { db } from "@/db/client";
import { Operator } from "@/db/operator";
import { findModelRow, findProviderRow, listEndpoints, listModels, listProviders } from "@/db/queries/catalogue";
import { tryProvider } from "@/lib/gateway/try-provider";
import { formatPrice, formatUsd, parsePrice, parseUsd } from "@/lib/money";
import { addModel, changeEndpoint, changeModel, putEndpoint } from "@/lib/operator/endpoints";
import { addProvider, changeProvider, connectProvider, toProvider } from "@/lib/operator/providers";
import { QUANTIZATIONS } from "@/lib/protocol/provider-preferences";
import { command, millisecondsOrUsual, oneOf, required, wholeNumber, yesNoUnknown } from "./command";

const operator = Operator.atTheCommandLine();

const SLUG = /^[a-z0-9][a-z0-9._-]{0,63}$/;
/** What most servers of the OpenAI dialect take; say otherwise with --parameters. */
const USUAL_PARAMETERS =
  "max_tokens,temperature,top_p,stop,tools,tool_choice,seed,frequency_penalty,presence_penalty,response_format";

const DATA_POLICY = { trains: { type: "string" }, retains: { type: "string" } } as const;

const dataPolicy = ({ trains, retains }: { trains?: string; retains?: string }) => ({
  trainsOnPrompts: yesNoUnknown(trains, "trains"),
  retainsPrompts: yesNoUnknown(retains, "retains"),
});

const TIMEOUTS = {
  "connect-timeout-ms": { type: "string" },
  "headers-timeout-ms": { type: "string" },
  "first-token-timeout-ms": { type: "string" },
  "idle-timeout-ms": { type: "string" },
  "total-timeout-ms": { type: "string" },
} as const;

const timeouts = (options: { [Option in keyof typeof TIMEOUTS]?: string }) => {
  const of = (option: keyof typeof TIMEOUTS) => millisecondsOrUsual(options[option], option);
  return {
    connectTimeoutMs: of("connect-timeout-ms"),
    headersTimeoutMs: of("headers-timeout-ms"),
    firstTokenTimeoutMs: of("first-token-timeout-ms"),
    idleTimeoutMs: of("idle-timeout-ms"),
    totalTimeoutMs: of("total-timeout-ms"),
  };
};

/** What was said alone. @throws Error when nothing was */
function changed<T extends object>(change: T): T {
  const said = Object.entries(change).filter(([, value]) => value !== undefined);
  if (said.length === 0) throw new Error("say what to set");
  return Object.fromEntries(said) as T;
}

export const providerCommands = {
  add: command(
    "Add a provider, or give one a new address and key. The key is stored sealed and never shown.",
    {
      slug: { type: "string" },
      name: { type: "string" },
      kind: { type: "string" },
      "base-url": { type: "string" },
      "api-key": { type: "string" },
    },
    async (options) => {
      const slug = required(options.slug, "slug");
      const kind = oneOf(required(options.kind, "kind"), ["openai", "anthropic", "google"], "kind");
      const connection = { baseUrl: options["base-url"] ?? null, apiKey: required(options["api-key"], "api-key") };
      const name = options.name ?? slug;
      return (await findProviderRow(db(), slug))
        ? connectProvider(operator, slug, { ...connection, name, kind })
        : addProvider(operator, { ...connection, slug, name, kind });
    },
  ),
  set: command(
    "Say what becomes of prompts at a provider, as its terms or your contract have it: yes, no or unknown.",
    { slug: { type: "string" }, ...DATA_POLICY },
    async ({ slug, ...policy }) => changeProvider(operator, required(slug, "slug"), changed(dataPolicy(policy))),
  ),
  enable: command("Route to a provider again.", { slug: { type: "string" } }, ({ slug }) =>
    changeProvider(operator, required(slug, "slug"), { enabled: true }),
  ),
  disable: command("Route to a provider no longer.", { slug: { type: "string" } }, ({ slug }) =>
    changeProvider(operator, required(slug, "slug"), { enabled: false }),
  ),
  test: command(
    "Ask a provider for a few words, and say how it answers or what is the matter.",
    { slug: { type: "string" } },
    async ({ slug }) => {
      const tried = await tryProvider(operator, required(slug, "slug"));
      if (!tried.ok) process.exitCode = 1;
      return tried;
    },
  ),
  list: command("List providers.", {}, async () => (await listProviders(db())).map(toProvider)),
};

export const modelCommands = {
  add: command(
    "Add a model that is not in the catalogue.",
    { slug: { type: "string" }, name: { type: "string" }, context: { type: "string" } },
    async ({ slug, name, context }) => {
      const model = required(slug, "slug");
      const [company = "", rest] = model.split("/");
      if (!SLUG.test(company) || !rest) throw new Error("--slug must be company/model-name");
      const contextLength = wholeNumber(required(context, "context"), "context") ?? 0;
      return addModel(operator, { slug: model, companySlug: company, name: name ?? model, contextLength }, company);
    },
  ),
  set: command(
    "Say whether other models may be trained on what a model writes (yes, no or unknown), or whether the next endpoint is asked beside one whose first word is late (yes or no).",
    { slug: { type: "string" }, distillable: { type: "string" }, hedge: { type: "string" } },
    async ({ slug, distillable, hedge }) => {
      const hedged = hedge === undefined ? undefined : oneOf(hedge, ["yes", "no"], "hedge") === "yes";
      const change = changed({ distillable: yesNoUnknown(distillable, "distillable"), hedge: hedged });
      return changeModel(operator, required(slug, "slug"), change);
    },
  ),
  enable: command("Serve a model again.", { slug: { type: "string" } }, ({ slug }) =>
    changeModel(operator, required(slug, "slug"), { enabled: true }),
  ),
  disable: command("Serve a model no longer.", { slug: { type: "string" } }, ({ slug }) =>
    changeModel(operator, required(slug, "slug"), { enabled: false }),
  ),
  list: command("List models.", {}, () => listModels(db())),
};

export const endpointCommands = {
  add: command(
    "Serve a model at a provider. Prices are US dollars per token, as decimal strings.",
    {
      model: { type: "string" },
      provider: { type: "string" },
      variant: { type: "string" },
      "upstream-model": { type: "string" },
      prompt: { type: "string" },
      completion: { type: "string" },
      "cache-read": { type: "string" },
      "cache-write": { type: "string" },
      reasoning: { type: "string" },
      image: { type: "string" },
      request: { type: "string" },
      context: { type: "string" },
      "max-output": { type: "string" },
      parameters: { type: "string", default: USUAL_PARAMETERS },
    },
    async (options) => {
      const model = await findModelRow(db(), required(options.model, "model"));
      if (!model) throw new Error(`there is no model ${options.model}; add it with \`model add\``);
      const provider = await findProviderRow(db(), required(options.provider, "provider"));
      if (!provider) throw new Error(`there is no provider ${options.provider}; add it with \`provider add\``);
      const price = (text: string | undefined) => (text === undefined ? null : parsePrice(text));
      const endpoint = {
        modelSlug: model.slug,
        providerSlug: provider.slug,
        variant: options.variant ?? "",
        upstreamModel: required(options["upstream-model"], "upstream-model"),
        contextLength: wholeNumber(options.context, "context") ?? model.contextLength,
        maxOutput: wholeNumber(options["max-output"], "max-output") ?? null,
        supportedParameters: (options.parameters ?? USUAL_PARAMETERS).split(",").map((name) => name.trim()),
        enabled: true,
      };
      const prices = {
        promptPico: parsePrice(required(options.prompt, "prompt")),
        completionPico: parsePrice(required(options.completion, "completion")),
        cacheReadPico: price(options["cache-read"]),
        cacheWritePico: price(options["cache-write"]),
        reasoningPico: price(options.reasoning),
        imageNano: parseUsd(options.image ?? "0"),
        requestNano: parseUsd(options.request ?? "0"),
      };
      return endpointView(await putEndpoint(operator, endpoint, prices));
    },
  ),
  list: command("List endpoints, of one model or of all.", { model: { type: "string" } }, async ({ model }) =>
    (await listEndpoints(db(), model)).map(endpointView),
  ),
  set: command(
    "Say how an endpoint's weights are rounded, where it differs from its provider in what becomes of prompts (unknown: as its provider), or how long it is waited for in each phase (usual: as long as any other).",
    { id: { type: "string" }, quantization: { type: "string" }, ...DATA_POLICY, ...TIMEOUTS },
    async ({ id, quantization, trains, retains, ...waits }) => {
      const level = quantization === undefined ? undefined : oneOf(quantization, QUANTIZATIONS, "quantization");
      const change = {
        quantization: level === "unknown" ? null : level,
        ...dataPolicy({ trains, retains }),
        ...timeouts(waits),
      };
      return setEndpoint(id, changed(change));
    },
  ),
  enable: command("Route to an endpoint again.", { id: { type: "string" } }, ({ id }) => setEnabled(id, true)),
  disable: command("Route to an endpoint no longer.", { id: { type: "string" } }, ({ id }) => setEnabled(id, false)),
};

const setEnabled = async (id: string | undefined, enabled: boolean) => {
  await setEndpoint(id, { enabled });
  return { id, enabled };
};

async function setEndpoint(id: string | undefined, change: Parameters<typeof changeEndpoint>[2]) {
  const row = await changeEndpoint(operator, required(id, "id"), change);
  return {
    id,
    model: row.modelSlug,
    provider: row.providerSlug,
    variant: row.variant,
    quantization: row.quantization,
    trainsOnPrompts: row.trainsOnPrompts,
    retainsPrompts: row.retainsPrompts,
    connectTimeoutMs: row.connectTimeoutMs,
    headersTimeoutMs: row.headersTimeoutMs,
    firstTokenTimeoutMs: row.firstTokenTimeoutMs,
    idleTimeoutMs: row.idleTimeoutMs,
    totalTimeoutMs: row.totalTimeoutMs,
  };
}

/** Prices as they are typed: US dollars per token, per image, per request. */
const endpointView = ({ endpoint, price }: Awaited<ReturnType<typeof listEndpoints>>[number]) => ({
  id: endpoint.id,
  model: endpoint.modelSlug,
  provider: endpoint.providerSlug,
  variant: endpoint.variant,
  upstreamModel: endpoint.upstreamModel,
  prompt: formatPrice(price.promptPico),
  completion: formatPrice(price.completionPico),
  cacheRead: price.cacheReadPico === null ? null : formatPrice(price.cacheReadPico),
  cacheWrite: price.cacheWritePico === null ? null : formatPrice(price.cacheWritePico),
  reasoning: price.reasoningPico === null ? null : formatPrice(price.reasoningPico),
  image: formatUsd(price.imageNano),
  request: formatUsd(price.requestNano),
  pricesSince: price.validFrom,
  contextLength: endpoint.contextLength,
  maxOutput: endpoint.maxOutput,
  quantization: endpoint.quantization,
  trainsOnPrompts: endpoint.trainsOnPrompts,
  retainsPrompts: endpoint.retainsPrompts,
  enabled: endpoint.enabled,
});
