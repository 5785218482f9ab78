import { db } from "@/db/client";
import { listEndpointHealth } from "@/db/queries/endpoint-health";
import { listPerformance } from "@/db/queries/endpoint-performance";
import { remembered } from "./remembered";

const FRESH_MS = 60_000;

/** How a model's providers did in the last 24 hours, at most a minute old. */
export const recentPerformance = remembered("recent-performance", FRESH_MS, (slug) => listPerformance(db(), slug));

/** The same by endpoint, and of the last minutes: what the API tells of it. */
export const recentHealth = remembered("recent-health", FRESH_MS, (slug) => listEndpointHealth(db(), slug));
