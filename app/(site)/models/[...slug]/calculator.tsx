"use client";

import type { EndpointRow } from "@/components/models/endpoint-row";
import { PriceCalculator, type Workload } from "@/components/models/price-calculator";
import { costOf } from "@/lib/models/price";
import { noTokens } from "@/lib/protocol/token-usage";

/** The calculator with the bill's own arithmetic. */
export function Calculator({ endpoints, markupBasisPoints }: { endpoints: EndpointRow[]; markupBasisPoints: number }) {
  const cost = ({ prices }: EndpointRow, { prompt, cached, output }: Workload) =>
    costOf({ ...noTokens, input: prompt - cached, cacheRead: cached, output }, prices, 0, markupBasisPoints).total;
  return <PriceCalculator endpoints={endpoints} costOf={cost} markupBasisPoints={markupBasisPoints} />;
}
