import type { Operator } from "@/db/operator";
import { findModelRow, insertModel, updateEndpoint, updateModel, upsertEndpoint } from "@/db/queries/catalogue";
import { type EndpointRow, lockEndpoint } from "@/db/queries/endpoint-prices";
import { AppError } from "@/lib/errors";
import { notedPrice } from "./prices";

type EndpointChange = Parameters<typeof updateEndpoint>[2];
type ModelRow = NonNullable<Awaited<ReturnType<typeof findModelRow>>>;
type ModelChange = Partial<Pick<ModelRow, "enabled" | "distillable" | "hedge">>;

/** Adds the model where it is new; one that is there stays as it is. */
export const addModel = (operator: Operator, model: Parameters<typeof insertModel>[1], company: string) =>
  operator.decide(async (tx) => {
    const known = await findModelRow(tx, model.slug);
    if (known) return { value: known, note: null };
    await insertModel(tx, model, company);
    const value = await findModelRow(tx, model.slug);
    return { value, note: { action: "model.create", target: { kind: "model", id: model.slug }, after: model } };
  });

/** Adds the endpoint, or replaces the one of this model, provider and variant, with a price from now on. */
export const putEndpoint = (
  operator: Operator,
  endpoint: Parameters<typeof upsertEndpoint>[1],
  price: Parameters<typeof upsertEndpoint>[2],
) =>
  operator.decide(async (tx) => {
    const value = await upsertEndpoint(tx, endpoint, price);
    const after = { ...endpoint, ...notedPrice(value.price) };
    return { value, note: { action: "endpoint.put", target: { kind: "endpoint", id: value.endpoint.id }, after } };
  });

/** @throws AppError `not_found` */
export const changeEndpoint = (operator: Operator, id: string, change: EndpointChange): Promise<EndpointRow> =>
  operator.decide(async (tx) => {
    const before = await lockEndpoint(tx, id);
    const value = before && (await updateEndpoint(tx, id, change));
    if (!before || !value) throw new AppError("not_found", `There is no endpoint ${id}.`);
    const target = { kind: "endpoint", id };
    const { modelSlug: model, providerSlug: provider } = value;
    const named = { model, provider };
    return {
      value,
      note: {
        action: "endpoint.change",
        target,
        before: of(before, change),
        after: { ...named, ...of(value, change) },
      },
    };
  });

/** @throws AppError `not_found` */
export const changeModel = (operator: Operator, slug: string, change: ModelChange): Promise<ModelRow> =>
  operator.decide(async (tx) => {
    const before = await findModelRow(tx, slug);
    const value = before && (await updateModel(tx, slug, change));
    if (!before || !value) throw new AppError("not_found", `There is no model ${slug}.`);
    const target = { kind: "model", id: slug };
    return { value, note: { action: "model.change", target, before: of(before, change), after: of(value, change) } };
  });

/** Of a row, the fields that were to change. */
const of = (row: object, change: object) => Object.fromEntries(Object.entries(row).filter(([name]) => name in change));
