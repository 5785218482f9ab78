import { z } from "zod";
import { db } from "@/db/client";
import { mapModelMeasures } from "@/db/queries/model-measures";
import { type ApiHandler, type ApiRequest, jsonReply } from "@/lib/http/api-handler";
import { apiRoute } from "@/lib/http/api-route";
import { publicReply } from "@/lib/http/public-reply";
import { authenticate } from "@/lib/keys/authenticate";
import { currentCatalogue } from "@/lib/models/catalogue";
import { filterModels } from "@/lib/models/filter-models";
import { type Listed, modelObject, toModelObject } from "@/lib/models/model-object";
import { modalitiesQuery, modelsQuery, pageQuery } from "@/lib/models/models-query";
import { remembered } from "@/lib/models/remembered";
import { needsMeasures, sortModels } from "@/lib/models/sort-models";
import { callableModels } from "./callable-models";
import { parseQuery } from "./managed";
import { modelsFeed } from "./models-feed";
import type { Operation } from "./operation";

const MOST = 1_000;
const USUAL = 500;
const FRESH_MS = 60_000;

const measures = remembered("model-measures", FRESH_MS, () => mapModelMeasures(db()));

/** GET /api/v1/models: what can be called now. Without `offset` and `limit`, all of it at once. */
export const listModels: ApiHandler = apiRoute(async (request) => {
  const query = parseQuery(modelsQuery, request.query);
  const found = filterModels(callableModels(await currentCatalogue()), query);
  const measured = needsMeasures(query.sort) ? await measures("all") : undefined;
  const sorted = sortModels(found, query.sort, (slug) => measured?.get(slug));
  return publicReply(
    request,
    query.use_rss === "true"
      ? modelsFeed(sorted, request, query.use_rss_chat_links === "true")
      : paged(sorted, request),
  );
});

/** GET /api/v1/models/count */
export const countModels: ApiHandler = apiRoute(async (request) => {
  const query = parseQuery(modalitiesQuery, request.query);
  const count = filterModels(callableModels(await currentCatalogue()), query).length;
  return publicReply(request, jsonReply({ data: { count } } satisfies z.infer<typeof counted>));
});

/** GET /api/v1/models/user: those that the key may call, at the operator's endpoints or with its account's own keys. */
export const listUserModels: ApiHandler = apiRoute(async (request) => {
  const caller = await authenticate(request.header);
  const query = parseQuery(modelsQuery, request.query);
  return paged(sortModels(filterModels(callableModels(await currentCatalogue(), caller), query), query.sort), request);
});

/** GET /api/v1/embeddings/models */
export const listEmbeddingModels: ApiHandler = apiRoute(async (request) => {
  parseQuery(pageQuery, request.query);
  const all = callableModels(await currentCatalogue());
  return publicReply(
    request,
    paged(sortModels(filterModels(all, { output_modalities: "embeddings" }), undefined), request),
  );
});

function paged(sorted: readonly Listed[], { path, query }: ApiRequest) {
  const { offset = 0, limit } = parseQuery(pageQuery, query);
  const most = Math.min(limit ?? (query.get("offset") ? USUAL : sorted.length), MOST);
  const page = sorted.slice(offset, offset + (limit === undefined && !query.get("offset") ? sorted.length : most));
  const more = page.length > 0 && offset + page.length < sorted.length;
  const next = new URLSearchParams(query);
  next.set("offset", String(offset + page.length));
  next.set("limit", String(most));
  return jsonReply({
    data: page.map(toModelObject),
    total_count: sorted.length,
    links: { next: more ? `${path}?${next}` : null },
  } satisfies z.infer<typeof models>);
}

const models = z
  .object({
    data: z.array(modelObject),
    total_count: z.int().describe("How many match, on all pages"),
    links: z.object({ next: z.string().nullable() }),
  })
  .meta({ id: "Models" });
const counted = z.object({ data: z.object({ count: z.int() }) });

export const modelsOperations: Operation[] = [
  {
    at: "GET /models",
    id: "listModels",
    tag: "Models",
    access: "public",
    summary: "List the models that can be called now",
    description: "What is not known of a model does not satisfy a filter that asks for it.",
    query: modelsQuery,
    reply: models,
    example: { query: { supported_parameters: "tools", max_price: "1", limit: "2" } },
  },
  {
    at: "GET /models/count",
    id: "countModels",
    tag: "Models",
    access: "public",
    summary: "Count the models",
    query: modalitiesQuery,
    reply: counted,
    example: {},
  },
  {
    at: "GET /models/user",
    id: "listUserModels",
    tag: "Models",
    access: "any key",
    summary: "List the models that your key may call",
    query: modelsQuery,
    reply: models,
    example: { query: { limit: "1" } },
  },
  {
    at: "GET /embeddings/models",
    id: "listEmbeddingModels",
    tag: "Models",
    access: "public",
    summary: "List the models that answer with embeddings",
    query: pageQuery,
    reply: models,
    example: {},
  },
];
