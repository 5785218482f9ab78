import { z } from "zod";
import { AppError } from "@/lib/errors";
import { health as endpointHealth } from "@/lib/health/endpoint-health";
import { type ApiHandler, type ApiRequest, jsonReply } from "@/lib/http/api-handler";
import { apiRoute } from "@/lib/http/api-route";
import { publicReply } from "@/lib/http/public-reply";
import { authenticate, type Caller } from "@/lib/keys/authenticate";
import { currentCatalogue } from "@/lib/models/catalogue";
import { endpointObject, modelEndpoints, toEndpointObject, toModelEndpoints } from "@/lib/models/endpoint-object";
import { retainsNothing } from "@/lib/models/filter-models";
import { type Listed, modelObject, toModelObject } from "@/lib/models/model-object";
import { recentHealth } from "@/lib/models/performance";
import { isFree } from "@/lib/models/preference-filters";
import { requestedModels } from "@/lib/models/requested-models";
import { asCallable, callableModels } from "./callable-models";
import type { Operation } from "./operation";

/** GET /api/v1/model/{author}/{slug}: aliases and variants are resolved. */
export const getModel: ApiHandler = apiRoute(async (request) => {
  const model = toModelObject(await callable(nameIn(request, /\/model\/(.+)$/)));
  return publicReply(request, jsonReply({ data: model }));
});

/** GET /api/v1/models/{id}, the stroke in it written as %2F: as OpenAI's clients ask. */
export const retrieveModel: ApiHandler = apiRoute(async (request) => {
  const listed = await callable(nameIn(request, /\/models\/([^/]+)$/));
  const { companySlug } = listed.model;
  return publicReply(request, jsonReply({ ...toModelObject(listed), object: "model", owned_by: companySlug }));
});

/** GET /api/v1/models/{author}/{slug}/endpoints */
export const listModelEndpoints: ApiHandler = apiRoute(async (request) => {
  const name = nameIn(request, /\/models\/(.+)\/endpoints$/);
  const caller = await knownCaller(request);
  const listed = await callable(name, caller);
  const reply = jsonReply({ data: toModelEndpoints(listed.model, await toEndpoints(listed, caller)) });
  return caller ? reply : publicReply(request, reply);
});

/** GET /api/v1/endpoints/zdr */
export const listZdrEndpoints: ApiHandler = apiRoute(async (request) => {
  const caller = await knownCaller(request);
  const listed = callableModels(
    await currentCatalogue(),
    caller && { ...caller, allowedModels: null, routing: null, guardrail: null },
  );
  const keeping = listed.flatMap(({ model, endpoints }) => {
    const [first, ...others] = endpoints.filter(retainsNothing);
    return first ? [{ model, endpoints: [first, ...others] as const }] : [];
  });
  const data: z.infer<typeof endpointObject>[] = [];
  // One after the other: anyone may ask, and each looks into the log.
  for (const one of keeping) data.push(...(await toEndpoints(one, caller)));
  return caller ? jsonReply({ data }) : publicReply(request, jsonReply({ data }));
});

async function toEndpoints({ model, endpoints }: Listed, caller: Caller | undefined) {
  const health = await recentHealth(model.slug);
  return endpoints.map((endpoint) => {
    const fails = endpointHealth().standingOf(endpoint) !== "well";
    return toEndpointObject(model, endpoint, health, { measured: caller !== undefined, fails });
  });
}

/** @throws AppError `not_found`, also for a model that nobody can be asked for now */
async function callable(name: string, caller?: Caller): Promise<Listed> {
  const { model, free } = await resolved(name);
  const listed = asCallable(model, caller && { ...caller, allowedModels: null, routing: null, guardrail: null });
  const [first, ...others] = listed?.endpoints.filter((endpoint) => !free || isFree(endpoint)) ?? [];
  if (!first) throw noSuchModel(name);
  return { model, endpoints: [first, ...others] };
}

async function resolved(name: string) {
  try {
    const { requested, auto } = requestedModels(await currentCatalogue(), [name], null);
    const [only] = requested;
    if (only && !auto) return only;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
  throw noSuchModel(name);
}

const noSuchModel = (name: string) => new AppError("not_found", `There is no model ${name} here.`);

function nameIn({ path }: ApiRequest, form: RegExp): string {
  try {
    return decodeURIComponent(form.exec(path)?.[1] ?? "");
  } catch {
    return "";
  }
}

/** What is public is shown to a bad key as to none. */
const knownCaller = ({ header }: ApiRequest): Promise<Caller | undefined> =>
  authenticate(header).catch((error: unknown) => {
    if (error instanceof AppError && error.type === "authentication") return undefined;
    throw error;
  });

const named = { author: "openai", slug: "gpt-4o-mini" };

export const modelOperations: Operation[] = [
  {
    at: "GET /model/{author}/{slug}",
    id: "getModel",
    tag: "Models",
    access: "public",
    summary: "Get one model",
    description: "Aliases and variants such as `:free` are resolved.",
    reply: z.object({ data: modelObject }),
    example: { path: named },
  },
  {
    at: "GET /models/{id}",
    id: "retrieveModel",
    tag: "Models",
    access: "public",
    summary: "Get one model, as OpenAI's clients ask for it",
    description: "The stroke in the model's name is written as `%2F`.",
    reply: z.object({ ...modelObject.shape, object: z.literal("model"), owned_by: z.string() }),
    example: { path: { id: "openai%2Fgpt-4o-mini" } },
  },
  {
    at: "GET /models/{author}/{slug}/endpoints",
    id: "listModelEndpoints",
    tag: "Models",
    access: "public",
    summary: "List a model's endpoints, with their prices and how they do",
    description: "With a key, also how fast they were in the last 30 minutes, and those that only your own keys reach.",
    reply: z.object({ data: modelEndpoints }),
    example: { path: named },
  },
  {
    at: "GET /endpoints/zdr",
    id: "listZdrEndpoints",
    tag: "Models",
    access: "public",
    summary: "List the endpoints that are known to retain no data",
    reply: z.object({ data: z.array(endpointObject) }),
    example: {},
  },
];
