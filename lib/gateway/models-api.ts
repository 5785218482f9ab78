import { AppError } from "@/lib/errors";
import { type ApiHandler, jsonReply } from "@/lib/http/api-handler";
import { apiRoute } from "@/lib/http/api-route";
import { currentCatalogue } from "@/lib/models/catalogue";
import { toModelObject } from "@/lib/models/model-object";

const MOST = 1_000;

/** GET /api/v1/models: what can be called now. Without `limit`, all of it at once. */
export const listModels: ApiHandler = apiRoute(async ({ query }) => {
  const { models } = await currentCatalogue();
  const modality = query.get("output_modalities") ?? "text";
  const served = [...models.values()]
    .map((model) => ({ model, endpoints: model.endpoints.filter(({ provider }) => provider.credential) }))
    .filter(({ endpoints }) => endpoints.length > 0)
    .filter(({ model }) => modality === "all" || model.outputModalities.includes(modality))
    .sort(
      (a, b) =>
        (b.model.releasedAt?.getTime() ?? 0) - (a.model.releasedAt?.getTime() ?? 0) ||
        a.model.slug.localeCompare(b.model.slug, "en"),
    );
  const offset = wholeNumber(query.get("offset"), "offset") ?? 0;
  const limit = Math.min(wholeNumber(query.get("limit"), "limit") ?? served.length, MOST);
  const page = served.slice(offset, offset + limit);
  const more = offset + page.length < served.length && page.length > 0;
  return jsonReply({
    data: page.map(({ model, endpoints }) => toModelObject(model, endpoints)),
    total_count: served.length,
    links: { next: more ? `/api/v1/models?offset=${offset + page.length}&limit=${limit}` : null },
  });
});

function wholeNumber(text: string | null, name: string): number | undefined {
  if (text === null) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new AppError("invalid_request", `${name} must be a whole number.`);
  return Number(text);
}
