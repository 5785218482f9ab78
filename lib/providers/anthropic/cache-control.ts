import type { CacheControlEphemeral } from "@anthropic-ai/sdk/resources/messages";
import { isObject } from "../upstream-complaint";

/** The cache breakpoint that a caller set on a part, a tool or a whole request. */
export function cacheControlOf(holder: Record<string, unknown>): CacheControlEphemeral | undefined {
  const { cache_control: given } = holder;
  if (!isObject(given) || given.type !== "ephemeral") return undefined;
  return given.ttl === "5m" || given.ttl === "1h" ? { type: "ephemeral", ttl: given.ttl } : { type: "ephemeral" };
}
