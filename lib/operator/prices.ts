import type { Operator } from "@/db/operator";
import { findPrice, insertPrice, lockEndpoint, type NewPrice, type PriceRow } from "@/db/queries/endpoint-prices";
import { AppError } from "@/lib/errors";

export type { NewPrice };

/** A moment that was meant as now may have passed when it gets here. */
const GRACE_MS = 60_000;

/**
 * What an endpoint costs from a moment on; null: from now. What was before stays, and explains the bills it made.
 * `tiers` left out: those of the price in force go on.
 * @throws AppError `not_found`; `invalid_request` for a moment that is over; `conflict` when a price begins then already
 */
export function addPrice(
  operator: Operator,
  endpointId: string,
  price: NewPrice,
  from: Date | null,
): Promise<PriceRow> {
  const passed = from !== null && from.getTime() < Date.now() - GRACE_MS;
  if (passed)
    throw new AppError("invalid_request", "A price cannot begin in the past: bills were made of the one before.", {
      metadata: { fields: { from: "That time is over." } },
    });
  return operator.decide(async (tx) => {
    const endpoint = await lockEndpoint(tx, endpointId);
    if (!endpoint) throw new AppError("not_found", "There is no such endpoint.");
    const before = await findPrice(tx, endpointId);
    const value = await insertPrice(tx, endpointId, { tiers: before?.tiers, ...price }, from);
    if (!value) throw new AppError("conflict", "A price of this endpoint begins at that moment already.");
    const note = {
      action: "price.add",
      target: { kind: "endpoint", id: endpointId },
      before: before && notedPrice(before),
      after: { model: endpoint.modelSlug, provider: endpoint.providerSlug, ...notedPrice(value) },
    };
    return { value, note };
  });
}

/** Fields that have something to say. */
export const notedPrice = ({ id: _id, endpointId: _endpoint, ...price }: PriceRow) =>
  Object.fromEntries(Object.entries(price).filter(([, value]) => value !== null && value !== 0n));
