import { metrics } from "@/lib/gateway/metrics";

export const dynamic = "force-dynamic";

/** Figures for Prometheus. */
export const GET = metrics;
